import { reset } from 'cloudflare:test'
import { env, exports } from 'cloudflare:workers'
import { afterEach, describe, expect, test } from 'vitest'
import { app } from '../app.ts'
import { ORIGIN, pairDevice, request } from '../testing/harness.ts'
import { ROUTE_POLICIES } from './route-policy.ts'
import { callRoute, createToken, GUARDED_ROUTES, tokenIn } from './testing/call-route.ts'

afterEach(() => reset())

describe('a page of another site', () => {
  test.each(GUARDED_ROUTES)('cannot use %s with a right token', async (route, { caller }) => {
    const cookie = await pairDevice()
    const token = caller === 'device' ? tokenIn(cookie) : (await createToken(caller === 'runner' ? 'runner' : 'mcp', cookie)).token
    for (const Origin of ['https://evil.example', 'null', 'http://localhost:1', 'http://localhost.evil.example'])
      expect((await callRoute(route, token, { Origin })).status).toBe(403)
  })

  test('cannot open a socket or post a form with a cookie', async () => {
    const cookie = await pairDevice()
    const form = { 'Content-Type': 'application/x-www-form-urlencoded', 'Cookie': cookie }
    expect((await request('/api/live?protocol=1', { headers: { Upgrade: 'websocket', Cookie: cookie } })).status).toBe(403)
    expect((await request('/api/unpair', { method: 'POST', headers: form, body: 'a=b' })).status).toBe(403)
    expect((await request('/api/unpair', { method: 'POST', headers: { ...form, Origin: 'null' }, body: 'a=b' })).status).toBe(403)
  })

  test.each([
    'http://evil.example',
    'http://localhost.evil.example',
    'http://127.0.0.1.evil.example',
    'http://192.168.1.7',
    'http://mainloop.example.evil.example',
  ])('is not served under the name %s that leads here', async (host) => {
    const headers = { Origin: host, Cookie: await pairDevice() }
    for (const [method, path] of [['GET', '/api/session'], ['POST', '/api/pull'], ['POST', '/api/pair'], ['POST', '/mcp'], ['GET', '/runner']] as const)
      expect((await exports.default.fetch(new Request(host + path, { method, headers }))).status).toBe(421)
  })
})

describe('behind Cloudflare Access', () => {
  const envWithAccess = { ...env, ACCESS_ISSUER: 'https://team.cloudflareaccess.com', ACCESS_AUDIENCE: 'the-application' }
  const claims = btoa('{"iss":"https://team.cloudflareaccess.com","aud":"the-application","exp":9999999999,"iat":1}')
  const unsigned = `${btoa('{"alg":"none"}')}.${claims.replaceAll('=', '')}.`
  const routes = Object.entries(ROUTE_POLICIES).filter(([, { caller }]) => caller === 'page' || caller === 'device')

  test.each(routes)('%s refuses a request without its assertion, paired or not', async (route, { socket }) => {
    const [method = '', path = ''] = route.split(' ')
    const headers = { Origin: ORIGIN, Cookie: await pairDevice(), ...socket && { Upgrade: 'websocket' } }
    for (const assertion of [null, 'x', unsigned]) {
      const request = new Request(ORIGIN + path.replace(':id', 'abcdefghij'), {
        method,
        headers: { ...headers, ...assertion !== null && { 'Cf-Access-Jwt-Assertion': assertion } },
      })
      const response = await app.fetch(request, envWithAccess)
      expect([response.status, await response.text()]).toEqual([401, expect.stringContaining('Cloudflare Access')])
    }
  })

  test('programs need only their tokens, and strangers are refused', async () => {
    const { token } = await createToken('runner', await pairDevice())
    const statusFor = async (bearer: string) => {
      const request = new Request(`${ORIGIN}/runner/tasks`, { headers: { Authorization: `Bearer ${bearer}` } })
      return (await app.fetch(request, envWithAccess)).status
    }
    expect([await statusFor(token), await statusFor('x')]).toEqual([200, 401])
  })
})
