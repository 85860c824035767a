import { expect, test } from 'vitest'
import { deviceName, fetchSession, linkSecret, pair, readSession } from './session.ts'

function answers(status: number, body?: unknown): typeof fetch {
  return () => Promise.resolve(new Response(body === undefined ? null : JSON.stringify(body), { status }))
}
const noNetwork: typeof fetch = () => Promise.reject(new TypeError('Failed to fetch'))

test.each([
  ['a paired device', answers(200, { person: 'ada' }), 'known'],
  ['a captive portal instead of the edge', answers(200, 'Welcome'), 'unreachable'],
  ['a device that is not paired', answers(401), 'unknown'],
  ['a device without a network', noNetwork, 'unreachable'],
  ['an edge that is being deployed', answers(503), 'unreachable'],
])('%s', async (_, get, session) => {
  expect(await fetchSession(get)).toBe(session)
})

test.each([
  ['a wrong secret', answers(401), /secret is not right/],
  ['too many tries', answers(429), /Too many/],
  ['an address that is not ours', answers(421), /HOSTS/],
  ['no network', noNetwork, /cannot be reached/],
  ['a broken edge', answers(500), /other side/],
])('pairing with %s is refused with advice', async (_, get, message) => {
  const pairing = await pair(get, 'secret', 'device')
  expect(pairing.ok ? '' : pairing.message).toMatch(message)
})

test('a paired device learns its person', async () => {
  expect(await readSession(answers(200, { person: 'ada' }))).toEqual({ session: 'known', person: 'ada' })
})

test.each([
  ['#setup=abc-_1', { kind: 'setup', secret: 'abc-_1', person: null }],
  ['#setup=mls.bob.1.abc-_1', { kind: 'setup', secret: 'mls.bob.1.abc-_1', person: 'bob' }],
  ['#pair=abc-_1', { kind: 'pair', secret: 'abc-_1', person: null }],
  ['#setup=', null],
  ['#', null],
  ['', null],
])('the link %j carries %j', (hash, secret) => {
  expect(linkSecret(hash)).toEqual(secret)
})

test.each([
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1', 'Safari on iPhone'],
  ['Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36', 'Chrome on Linux'],
  ['curl', 'Browser on device'],
])('%s is called %s', (agent, name) => {
  expect(deviceName(agent)).toBe(name)
})
