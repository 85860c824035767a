import { reset } from 'cloudflare:test'
import { afterEach, describe, expect, test } from 'vitest'
import { MAX_SMALL_BYTES } from '../http/limit-body.ts'
import { MAX_REQUEST_BYTES } from '../http/parse-request-json.ts'
import { mcpRequest } from '../mcp/testing/mcp-client.ts'
import { pairDevice, post, pushBody, request } from '../testing/harness.ts'
import { callRoute, cookieOf, createToken, GUARDED_ROUTES, tokenIn } from './testing/call-route.ts'

afterEach(() => reset())

describe('headers', () => {
  test.each([
    ['X-Forwarded-Host', 'evil.example'],
    ['Forwarded', 'host=evil.example'],
    ['X-Original-URL', '/api/health'],
    ['X-Rewrite-URL', '/api/health'],
    ['X-HTTP-Method-Override', 'GET'],
    ['Tailscale-User-Login', 'owner@example.com'],
    ['Tailscale-Headers-Info', 'https://tailscale.com/s/serve-headers'],
    ['Cf-Access-Authenticated-User-Email', 'owner@example.com'],
    ['X-Mainloop-Person', 'owner'],
  ])('%s from outside means nothing', async (name, value) => {
    for (const [route] of GUARDED_ROUTES)
      expect((await callRoute(route, null, { [name]: value })).status).toBe(401)
  })

  test('that are too long are refused before anything reads them', async () => {
    const response = await request('/api/session', { headers: { 'X-Long': 'a'.repeat(20_000) } })
    expect(response.status).toBe(431)
  })

  test('with two cookies of the same name do not add up to a right one', async () => {
    const token = tokenIn(await pairDevice())
    const response = await request('/api/session', { headers: { Cookie: `${cookieOf('x')}; mainloop=${token}` } })
    expect(response.status).toBe(401)
  })
})

describe('a body', () => {
  const lists = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
  const objects = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
  const call = (input: string) =>
    `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_tasks","arguments":${input}}}`

  test.each([
    ['too large for a small route', '/api/tokens', 'a'.repeat(MAX_SMALL_BYTES + 1), 413],
    ['too large for the largest route', '/api/push', 'a'.repeat(MAX_REQUEST_BYTES + 1), 413],
    ['of deeply nested lists', '/api/push', lists(100_000), 400],
    ['of deeply nested objects', '/api/push', objects(100_000), 400],
    ['deeply nested within a mutation', '/api/push', JSON.stringify(pushBody()).replace('"Hello"', lists(5_000)), 400],
    ['deeply nested for a tool', '/mcp', call(objects(5_000)), 400],
    ['with a prototype to set', '/api/tokens', '{"__proto__":{"kind":"mcp"},"name":"x"}', 400],
    ['of a single brace', '/api/tokens', '{', 400],
    ['that is empty', '/api/tokens', '', 400],
  ])('%s is refused', async (_, path, body, status) => {
    const cookie = await pairDevice()
    const response = path === '/mcp'
      ? await mcpRequest(body, { token: (await createToken('mcp', cookie)).token })
      : await post(path, body, cookie)
    expect(response.status).toBe(status)
  })
})

test('a response to a stranger forbids a browser to do anything with it', async () => {
  const { headers } = await request('/api/session')
  expect(Object.fromEntries(headers)).toMatchObject({
    'cache-control': 'no-store',
    'content-security-policy': 'default-src \'none\'; frame-ancestors \'none\'; sandbox',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
  })
})
