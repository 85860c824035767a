import type { TokenView } from '#shared/protocol/access.ts'
import type { TokenExpiry } from './token-expiry.ts'
import { evictDurableObject, reset, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { afterEach, describe, expect, test } from 'vitest'
import { CLOSE } from '#shared/protocol/live.ts'
import { DEPLOYMENT_TOKEN } from '../auth/identity.ts'
import { addDevice, DEVICE_LIFETIME_MS, findDevice, listDevices, OVERLAP_MS, removeDevice, renewDevice } from '../members/devices.ts'
import { addToken } from '../members/tokens.ts'
import { mainloop, openLive, openSocket, pairDevice, post, request, withStore } from '../testing/harness.ts'
import { createTokenExpiry, tokenExpiresAt } from './token-expiry.ts'

afterEach(() => reset())

interface Harness { sql: SqlStorage, clock: { now: number }, expiry: TokenExpiry, open: (hash: string) => { closed: () => boolean } }

/** Uses real tokens and sockets, but the test controls the clock and the token of each socket. */
function withSockets(run: (harness: Harness) => void): Promise<void> {
  return withStore(async ({ sql }) => {
    const clock = { now: 1_000 }
    const hashes = new Map<WebSocket, string>()
    const expiresAt = (ws: WebSocket) => tokenExpiresAt(sql, hashes.get(ws) ?? '')
    const expiry = createTokenExpiry({ sockets: () => [...hashes.keys()], expiresAt, now: () => clock.now })
    const open = (hash: string) => {
      const { 0: theirs, 1: ours } = new WebSocketPair()
      theirs.accept()
      ours.accept()
      hashes.set(ours, hash)
      return { closed: () => ours.readyState !== WebSocket.OPEN }
    }
    run({ sql, clock, expiry, open })
  })
}

const runner = (expiresAt: number | null): TokenView => ({ id: 'r', kind: 'runner', name: 'Runner', scopes: [], createdAt: 0, seenAt: null, expiresAt })

describe('a socket is closed', () => {
  test('when its token expires, and not before', () => withSockets(({ sql, clock, expiry, open }) => {
    addToken(sql, runner(5_000), 'r1')
    const socket = open('r1')
    expect(expiry.due()).toBe(5_000)
    clock.now = 4_999
    expiry.fire()
    expect(socket.closed()).toBe(false)
    clock.now = 5_000
    expiry.fire()
    expect([socket.closed(), expiry.due()]).toEqual([true, null])
  }))

  test('when its device was not renewed during its lifetime', () => withSockets(({ sql, clock, expiry, open }) => {
    addDevice(sql, { id: 'd', name: 'Phone', createdAt: 1_000 }, 'd1')
    const socket = open('d1')
    expect(expiry.due()).toBe(1_000 + DEVICE_LIFETIME_MS)
    clock.now = 1_000 + DEVICE_LIFETIME_MS
    expiry.fire()
    expect([socket.closed(), findDevice(sql, 'd1', clock.now)]).toEqual([true, null])
  }))

  test('a day after the next token was presented, and a socket with that one stays', () => withSockets(({ sql, clock, expiry, open }) => {
    addDevice(sql, { id: 'd', name: 'Phone', createdAt: 1_000 }, 'd1')
    const before = open('d1')
    clock.now = 2_000
    renewDevice(sql, 'd', { from: 'd1', to: 'd2' }, clock.now)
    expect(expiry.due()).toBe(1_000 + DEVICE_LIFETIME_MS)
    expect([findDevice(sql, 'd2', clock.now)?.isFirstUse, findDevice(sql, 'd2', clock.now + 1)?.isFirstUse]).toEqual([true, false])
    expiry.changed()
    const after = open('d2')
    expect(expiry.due()).toBe(2_000 + OVERLAP_MS)
    clock.now += OVERLAP_MS
    expiry.fire()
    expect([before.closed(), after.closed(), expiry.due()]).toEqual([true, false, 2_000 + DEVICE_LIFETIME_MS])
  }))

  test('at once when its token was revoked', () => withSockets(({ sql, expiry, open }) => {
    addDevice(sql, { id: 'd', name: 'Phone', createdAt: 1_000 }, 'd1')
    removeDevice(sql, 'd')
    const socket = open('d1')
    expiry.fire()
    expect(socket.closed()).toBe(true)
  }))
})

test('nothing is due for a token without expiry, for the deployment\'s own, or without sockets', () => withSockets(({ sql, expiry, open }) => {
  expect(expiry.due()).toBeNull()
  addToken(sql, runner(null), 'r1')
  open('r1')
  open(DEPLOYMENT_TOKEN)
  expect(expiry.due()).toBeNull()
}))

test('the alarm closes the sockets of expired tokens, and their next request is refused', async () => {
  const cookie = await pairDevice()
  const made = await post('/api/tokens', { kind: 'runner', name: 'Runner', days: 1 }, cookie)
  const { token } = await made.json<{ token: string }>()
  const [device, runnerSocket] = [await openLive(cookie), await openSocket('/runner', { Authorization: `Bearer ${token}` })]
  await runInDurableObject(mainloop(), async (_, { storage }) => {
    expect(await storage.getAlarm()).not.toBeNull()
    storage.sql.exec('UPDATE devices SET issued_at = 1')
    storage.sql.exec('UPDATE tokens SET expires_at = 1')
  })
  // The object has slept, as when a token expires days later.
  await evictDurableObject(mainloop())
  await runDurableObjectAlarm(mainloop())
  expect([(await device.closed).code, (await runnerSocket.closed).code]).toEqual([CLOSE.expired, CLOSE.expired])
  expect((await request('/api/session', { headers: { Cookie: cookie } })).status).toBe(401)
  expect((await request('/runner', { headers: { Upgrade: 'websocket', Authorization: `Bearer ${token}` } })).status).toBe(401)
})

describe('renewing a device\'s token', () => {
  const session = (cookie: string) => request('/api/session', { headers: { Cookie: cookie } })
  const cookieFrom = (response: Response) => response.headers.get('Set-Cookie')?.split(';')[0] ?? null
  const execute = (query: string, ...values: number[]) =>
    runInDurableObject(mainloop(), (_, { storage }) => void storage.sql.exec(query, ...values))
  const monthLater = () => execute('UPDATE devices SET issued_at = issued_at - ?', 31 * 24 * 3_600_000)
  const dayLater = () =>
    execute('UPDATE devices SET issued_at = issued_at - ?1, previous_until = previous_until - ?1', OVERLAP_MS)

  test('happens after 30 days, not before', async () => {
    const old = await pairDevice()
    expect(cookieFrom(await session(old))).toBeNull()
    await monthLater()
    const fresh = cookieFrom(await session(old)) ?? ''
    expect(fresh).toMatch(/^__Host-mainloop=mld\.owner\./)
    expect(fresh).not.toBe(old)
    expect([cookieFrom(await session(fresh)), (await session(fresh)).status]).toEqual([null, 200])
  })

  test('gives two tabs that start together the same token, and a tab that missed the response too', async () => {
    const old = await pairDevice()
    await monthLater()
    const [one, two] = await Promise.all([session(old), session(old)])
    const late = await session(old)
    expect(new Set([cookieFrom(one), cookieFrom(two), cookieFrom(late)]).size).toBe(1)
    expect((await session(cookieFrom(late) ?? '')).status).toBe(200)
  })

  test('voids the old one a day after the new one was presented', async () => {
    const old = await pairDevice()
    await monthLater()
    const fresh = cookieFrom(await session(old)) ?? ''
    await session(fresh)
    await dayLater()
    expect([(await session(old)).status, (await session(fresh)).status]).toEqual([401, 200])
  })

  test('does not lock out a device that missed the response, however long it stays away', async () => {
    const old = await pairDevice()
    await monthLater()
    await session(old)
    await dayLater()
    const fresh = cookieFrom(await session(old)) ?? ''
    expect([(await session(old)).status, (await session(fresh)).status]).toEqual([200, 200])
  })

  test('closes the sockets of the old one a day after the new one was presented', async () => {
    const old = await pairDevice()
    await monthLater()
    const socket = await openLive(old)
    const fresh = cookieFrom(await session(old)) ?? ''
    // The trigger ends the day of overlap as soon as it begins.
    await execute('CREATE TRIGGER day AFTER UPDATE OF previous_until ON devices BEGIN UPDATE devices SET previous_until = 1; END')
    await session(fresh)
    expect((await socket.closed).code).toBe(CLOSE.expired)
  })
})

test('an expired device is deleted when the next one is added', () => withStore(async ({ sql }) => {
  addDevice(sql, { id: 'old', name: 'Phone', createdAt: 1 }, 'd1')
  addDevice(sql, { id: 'new', name: 'Phone', createdAt: 1 + DEVICE_LIFETIME_MS }, 'd2')
  expect(listDevices(sql).map(({ id }) => id)).toEqual(['new'])
}))
