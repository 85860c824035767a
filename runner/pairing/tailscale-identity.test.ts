import { expect, test } from 'vitest'
import { readTailscaleIdentity } from './tailscale-identity.ts'

const URL_OF_PAGE = 'https://runner.tail1234.ts.net'
const allowed = { url: URL_OF_PAGE, logins: ['ada@example.com', 'bob@github'] }

/** Reads a request of Ada's browser in the form that `tailscale serve` forwards. */
function readRequest({ peer = '127.0.0.1' as string | undefined, method = 'GET', ...headers }: Record<string, string | undefined>) {
  const { host = 'runner.tail1234.ts.net', login = 'ada@example.com', ...others } = headers
  return readTailscaleIdentity({ peer, method, headers: { host, 'tailscale-user-login': login, ...others } }, allowed)
}

test.each([
  ['that reads the page', {}, 'ada@example.com'],
  ['over IPv6', { peer: '::1' }, 'ada@example.com'],
  ['over IPv4 in IPv6', { peer: '::ffff:127.0.0.1' }, 'ada@example.com'],
  ['in capitals', { login: 'Ada@Example.com' }, 'Ada@Example.com'],
  ['that sends the page\'s form', { method: 'POST', origin: URL_OF_PAGE }, 'ada@example.com'],
])('an allowed login %s is accepted', (_, headers, login) => {
  expect(readRequest(headers)).toEqual({ ok: true, login })
})

test.each([
  ['a header from elsewhere in the tailnet', { peer: '100.64.0.7' }, 403, 'only for the tailnet'],
  ['a header from the local network', { peer: '192.168.1.7' }, 403, 'only for the tailnet'],
  ['a header from the internet', { peer: '2001:db8::1' }, 403, 'only for the tailnet'],
  ['an address that only looks like loopback', { peer: '127.0.0.1.evil.example' }, 403, 'only for the tailnet'],
  ['a connection from nowhere', { peer: '' }, 403, 'only for the tailnet'],
  ['another host name that resolves to this machine', { host: 'evil.example:8789', origin: 'http://evil.example:8789' }, 421, 'only served as'],
  ['a request to the port without tailscale serve', { host: '127.0.0.1:8789' }, 421, 'only served as'],
  ['a host name that begins with the page\'s', { host: 'runner.tail1234.ts.net.evil.example' }, 421, 'only served as'],
  ['a form of another site', { method: 'POST', origin: 'https://evil.example' }, 403, 'did not come from this page'],
  ['a form of a page without an origin', { method: 'POST', origin: 'null' }, 403, 'did not come from this page'],
  ['a form without an Origin header', { method: 'POST' }, 403, 'did not come from this page'],
  ['a form from the page\'s name over plain HTTP', { method: 'POST', origin: 'http://runner.tail1234.ts.net' }, 403, 'did not come from this page'],
  ['another method', { method: 'DELETE' }, 403, 'did not come from this page'],
  ['a read by another site', { origin: 'https://evil.example' }, 403, 'did not come from this page'],
  ['somebody without a login (a tagged machine, Funnel)', { login: '' }, 403, 'does not say who you are'],
  ['somebody else on the tailnet', { login: 'eve@example.com' }, 403, 'may not add devices'],
  ['two logins at once', { login: 'ada@example.com, eve@example.com' }, 403, 'may not add devices'],
  ['a login with a suffix', { login: 'ada@example.com.evil.example' }, 403, 'may not add devices'],
  ['a name and X-Forwarded-Host', { 'host': 'evil.example', 'x-forwarded-host': 'runner.tail1234.ts.net' }, 421, 'only served as'],
  ['an address in X-Forwarded-For', { 'peer': '100.64.0.7', 'x-forwarded-for': '127.0.0.1' }, 403, 'only for the tailnet'],
])('%s is refused', (_, headers, status, why) => {
  expect(readRequest(headers)).toEqual({ ok: false, status, why: expect.stringContaining(why) })
})

test('other headers with a login are ignored', () => {
  const headers = {
    'host': 'runner.tail1234.ts.net',
    'tailscale-user-name': 'Ada',
    'x-forwarded-user': 'ada@example.com',
    'x-webauth-user': 'ada@example.com',
    'tailscale_user_login': 'ada@example.com',
  }
  expect(readTailscaleIdentity({ peer: '127.0.0.1', method: 'GET', headers }, allowed)).toMatchObject({ ok: false })
})
