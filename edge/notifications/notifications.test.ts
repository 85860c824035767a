import type { FakeBrowser } from './testing/fake-push-service.ts'
import { reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { notificationsView } from '#shared/protocol/notifications.ts'
import { eventually } from '#shared/testing/eventually.ts'
import { mintToken, setupToken } from '../auth/signed-token.ts'
import { mutation, openLive, ORIGIN, pairDevice, post, pullBody, pushBody, request } from '../testing/harness.ts'
import { createFakePushService } from './testing/fake-push-service.ts'
import { vapidKey } from './vapid-key.ts'

let service: ReturnType<typeof createFakePushService>
beforeEach(async () => {
  service = createFakePushService((await vapidKey(env.SETUP_SECRET)).publicKey)
  vi.stubGlobal('fetch', service.receive)
})
afterEach(() => {
  vi.unstubAllGlobals()
  return reset()
})

async function read(cookie: string) {
  const response = await request('/api/notifications', { headers: { Cookie: cookie } })
  return notificationsView.parse(await response.json())
}
const stop = (cookie: string) => request('/api/notifications', { method: 'DELETE', headers: { Origin: ORIGIN, Cookie: cookie } })
const received = (browser: FakeBrowser, count: number) => eventually(() => expect(browser.got).toHaveLength(count))

test('a message leads to a reply and a notice that the subscribed device can decrypt', async () => {
  const cookie = await pairDevice()
  const browser = await service.subscribe('phone')
  expect((await post('/api/notifications', browser.subscription, cookie)).status).toBe(200)
  expect(await read(cookie)).toEqual({ key: (await vapidKey(env.SETUP_SECRET)).publicKey, endpoint: browser.subscription.endpoint })
  await post('/api/push', pushBody(), cookie)
  await received(browser, 1)
  expect(browser.got).toEqual([{ title: 'Claude has answered', body: 'Open the conversation to read on.', tag: 'reply', path: '/' }])
})

test('a reply sends no notice while the person is present, and one once they are away', async () => {
  const cookie = await pairDevice()
  const browser = await service.subscribe('phone')
  await post('/api/notifications', browser.subscription, cookie)
  const laptop = await openLive(await pairDevice('Laptop'))
  laptop.send('here')
  await post('/api/push', pushBody(), cookie)
  await turnEnded()
  laptop.send('away')
  await turnEnded()
  expect(browser.got).toEqual([])
  await post('/api/push', pushBody({ mutations: [mutation({ id: 2 })] }), cookie)
  await received(browser, 1)
})

test('a device that unsubscribed gets no notices', async () => {
  const cookie = await pairDevice()
  const [browser, other] = await Promise.all(['phone', 'laptop'].map(service.subscribe)) as [FakeBrowser, FakeBrowser]
  await post('/api/notifications', browser.subscription, cookie)
  await post('/api/notifications', other.subscription, await pairDevice('Laptop'))
  expect((await stop(cookie)).status).toBe(200)
  await post('/api/push', pushBody(), cookie)
  await received(other, 1)
  expect(browser.got).toEqual([])
  expect(await read(cookie)).toMatchObject({ endpoint: null })
})

test('another person of the deployment gets no notices of the first', async () => {
  const bob = await post('/api/pair', { secret: await setupToken(env.SETUP_SECRET, 'bob'), name: 'Bob\'s phone' }, '')
  const theirs = await service.subscribe('bob')
  await post('/api/notifications', theirs.subscription, bob.headers.get('Set-Cookie')?.split(';')[0] ?? '')
  const cookie = await pairDevice()
  const mine = await service.subscribe('ada')
  await post('/api/notifications', mine.subscription, cookie)
  await post('/api/push', pushBody(), cookie)
  await received(mine, 1)
  expect(theirs.got).toEqual([])
})

test.each([
  ['an address of no push service', { endpoint: 'https://169.254.169.254/latest' }, '169.254.169.254 is not known as a push service'],
  ['an address without TLS', { endpoint: 'http://push.example/phone' }, 'push.example is not known as a push service'],
  ['a key that is not a point', { keys: { p256dh: 'AAAA', auth: 'A'.repeat(22) } }, 'a key of P-256'],
  ['a key that is not on the curve', { keys: { p256dh: `B${'A'.repeat(86)}`, auth: 'A'.repeat(22) } }, 'a key of P-256'],
  ['no address', { endpoint: 'phone' }, 'the address of a push service'],
])('%s is refused with a sentence', async (_, invalid, words) => {
  const { subscription } = await service.subscribe('phone')
  const response = await post('/api/notifications', { ...subscription, ...invalid }, await pairDevice())
  expect([response.status, await response.text()]).toEqual([400, expect.stringContaining(words)])
})

test('only a device may read its subscription', async () => {
  const bearer = { headers: { Authorization: `Bearer ${await mintToken(env.SETUP_SECRET, 'mcp', 'owner')}` } }
  expect((await request('/api/notifications')).status).toBe(401)
  expect((await request('/api/notifications', bearer)).status).toBe(401)
})

test('at most twenty devices may subscribe', async () => {
  const answers: number[] = []
  for (let n = 0; n <= 20; n++)
    answers.push((await post('/api/notifications', (await service.subscribe(`phone${n}`)).subscription, await pairDevice())).status)
  expect(answers).toEqual([...Array.from({ length: 20 }).fill(200), 400])
})

/** Waits until the reply is complete. */
async function turnEnded(): Promise<void> {
  const cookie = await pairDevice('Watcher')
  await eventually(async () => {
    const response = await post('/api/pull', pullBody({ clientGroupID: crypto.randomUUID() }), cookie)
    expect(await response.text()).toMatch(/"state":"idle"/)
  })
}
