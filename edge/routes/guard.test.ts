import type { LiveDown } from '#shared/protocol/live.ts'
import { evictDurableObject, reset } from 'cloudflare:test'
import { env, exports } from 'cloudflare:workers'
import { afterEach, describe, expect, test } from 'vitest'
import { CLOSE } from '#shared/protocol/live.ts'
import { pairingRegistryOf } from '../bindings.ts'
import { MAX_REQUEST_BYTES } from '../http/parse-request-json.ts'
import { MAX_FAILURES } from '../pairing/attempts.ts'
import { mainloop, openLive, ORIGIN, pairDevice, post, pullBody, pushBody, request } from '../testing/harness.ts'

afterEach(() => reset())

const upgrade = { Upgrade: 'websocket' }

describe('a stranger', () => {
  test.each([
    ['GET', '/api/session', {}, 401, 'unauthorized'],
    ['POST', '/api/unpair', {}, 401, 'unauthorized'],
    ['POST', '/api/push', {}, 401, 'unauthorized'],
    ['POST', '/api/pull', {}, 401, 'unauthorized'],
    ['GET', '/api/live?protocol=1', upgrade, 401, 'unauthorized'],
    ['GET', '/api/tasks/abcdefghij/log', {}, 401, 'unauthorized'],
    ['GET', '/api/anything', {}, 401, 'unauthorized'],
    ['GET', '/runner', upgrade, 401, 'unauthorized'],
    ['GET', '/runner', { ...upgrade, Authorization: 'Bearer wrong' }, 401, 'unauthorized'],
    ['GET', '/runner', { ...upgrade, Authorization: 'Basic runner-token-for-tests' }, 401, 'unauthorized'],
    ['GET', '/anything', {}, 404, 'not-found'],
  ])('%s %s is refused', async (method, path, headers: Record<string, string>, status, kind) => {
    for (const Cookie of ['', `__Host-mainloop=${'0'.repeat(64)}`]) {
      const response = await request(path, { method, headers: { Origin: ORIGIN, ...headers, Cookie } })
      expect([response.status, await response.json()]).toEqual([status, { error: { kind, message: expect.any(String) } }])
    }
  })

  test('may read the health', async () => {
    const response = await request('/api/health')
    expect([response.status, await response.json()]).toEqual([200, { ok: true }])
  })
})

describe('another site', () => {
  test.each([
    ['POST', '/api/pair', {}],
    ['POST', '/api/push', {}],
    ['POST', '/api/unpair', {}],
    ['GET', '/api/live?protocol=1', upgrade],
  ])('%s %s with a paired device\'s cookie is refused', async (method, path, headers: Record<string, string>) => {
    const Cookie = await pairDevice()
    for (const origin of [{ Origin: 'https://evil.example' }, { Origin: 'null' }, {}]) {
      const response = await request(path, { method, headers: { ...headers, ...origin, Cookie } })
      expect(response.status).toBe(403)
    }
  })
})

describe('pairing', () => {
  test('makes a device that stays paired, also after a restart', async () => {
    const cookie = await pairDevice('Phone')
    await evictDurableObject(mainloop())
    const response = await request('/api/session', { headers: { Cookie: cookie } })
    expect(await response.json()).toEqual({
      person: 'owner',
      device: { id: expect.any(String), name: 'Phone', createdAt: expect.any(Number), seenAt: expect.any(Number) },
    })
    expect(response.headers.get('Cache-Control')).toBe('no-store')
  })

  test.each(['http://localhost:3000', 'https://mainloop.example'])('on %s keeps the token where no script and no other site can use it', async (origin) => {
    const body = JSON.stringify({ secret: env.SETUP_SECRET, name: 'Phone' })
    const response = await exports.default.fetch(new Request(`${origin}/api/pair`, { method: 'POST', headers: { Origin: origin }, body }))
    const cookie = response.headers.get('Set-Cookie') ?? ''
    expect(cookie).toMatch(/^__Host-mainloop=mld\.owner\.[\w-]{43}\.[\w-]{43}; Max-Age=34560000; Path=\/; HttpOnly; Secure; SameSite=Strict$/)

    const session = await exports.default.fetch(new Request(`${origin}/api/session`, { headers: { Cookie: cookie.split(';')[0] ?? '' } }))
    expect(session.status).toBe(200)
  })

  test.each([
    ['a wrong secret', { secret: 'wrong', name: 'Phone' }, 401, 'unauthorized'],
    ['no name', { secret: 'wrong', name: ' ' }, 400, 'bad-request'],
    ['no secret', { secret: '', name: 'Phone' }, 400, 'bad-request'],
    ['something else', [], 400, 'bad-request'],
    ['not JSON', 'secret', 400, 'bad-request'],
  ])('with %s is refused', async (_, body, status, kind) => {
    const response = await post('/api/pair', body, '')
    expect([response.status, await response.json()]).toEqual([status, { error: { kind, message: expect.any(String) } }])
    expect(response.headers.has('Set-Cookie')).toBe(false)
  })

  test('locks out an address that guesses, and no other', async () => {
    const attempt = async (secret: string, address: string) => {
      const headers = { 'Origin': ORIGIN, 'CF-Connecting-IP': address }
      return (await request('/api/pair', { method: 'POST', headers, body: JSON.stringify({ secret, name: 'Phone' }) })).status
    }
    for (let n = 0; n < MAX_FAILURES; n++)
      expect(await attempt('wrong', '192.0.2.1')).toBe(401)
    await evictDurableObject(pairingRegistryOf(env))
    expect(await attempt('wrong', '192.0.2.1')).toBe(429)
    expect(await attempt(env.SETUP_SECRET, '192.0.2.1')).toBe(429)
    expect(await attempt(env.SETUP_SECRET, '192.0.2.2')).toBe(200)
  })
})

test('unpairing voids the token, removes the cookie and closes only this device\'s sockets', async () => {
  const [phone, laptop] = [await pairDevice('Phone'), await pairDevice('Laptop')]
  const [lost, kept] = [await openLive(phone), await openLive(laptop)]
  const response = await post('/api/unpair', {}, phone)
  expect(response.headers.get('Set-Cookie')).toContain('Max-Age=0')
  expect((await lost.closed).code).toBe(CLOSE.unauthorized)
  expect((await request('/api/session', { headers: { Cookie: phone } })).status).toBe(401)

  kept.send('still open')
  expect(await kept.next((frame): frame is LiveDown => frame.type === 'error')).toBeDefined()
})

describe('a paired device', () => {
  test.each([
    ['a push that is not JSON', '/api/push', 'hello', 400, 'bad-request'],
    ['a push without its fields', '/api/push', { mutations: 'all' }, 400, 'bad-request'],
    ['a pull that is not JSON', '/api/pull', '{', 400, 'bad-request'],
    ['a pull without its fields', '/api/pull', [], 400, 'bad-request'],
    ['more than the limit', '/api/push', 'a'.repeat(MAX_REQUEST_BYTES + 1), 413, 'too-large'],
  ])('%s is answered with its reason', async (_, path, body, status, kind) => {
    const response = await post(path, body, await pairDevice())
    expect([response.status, await response.json()]).toEqual([status, { error: { kind, message: expect.any(String) } }])
  })

  test('with another version of the protocol is told so in the protocol\'s terms', async () => {
    const response = await post('/api/push', { ...pushBody(), pushVersion: 0 }, await pairDevice())
    expect([response.status, await response.json()]).toEqual([200, { error: 'VersionNotSupported', versionType: 'push' }])
  })

  test('pulls over HTTP', async () => {
    const response = await post('/api/pull', pullBody(), await pairDevice())
    expect(await response.json()).toMatchObject({ lastMutationIDChanges: {}, patch: [{ op: 'clear' }, expect.objectContaining({ key: 'status/model' })] })
  })

  test.each([
    ['/api/tasks/abcdefghij/log', 200],
    ['/api/tasks/abcdefghij/log?attempt=1&after=5', 200],
    ['/api/tasks/abcdefghij/log?attempt=one', 400],
    ['/api/tasks/nobody/log', 400],
    ['/api/live', 426],
    ['/api/anything', 404],
  ])('calling %s is answered with %i', async (path, status) => {
    expect((await request(path, { headers: { Cookie: await pairDevice() } })).status).toBe(status)
  })
})
