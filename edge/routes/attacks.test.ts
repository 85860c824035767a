import { reset, runInDurableObject } from 'cloudflare:test'
import { env, exports } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { app } from '../app.ts'
import { mintToken, setupToken } from '../auth/signed-token.ts'
import { MAX_SMALL_BYTES } from '../http/limit-body.ts'
import { MAX_REQUEST_BYTES } from '../http/parse-request-json.ts'
import { mcpRequest } from '../mcp/testing/mcp-client.ts'
import { mainloop, openLive, ORIGIN, pairDevice, post, pushBody, request } from '../testing/harness.ts'
import { ROUTE_POLICIES } from './route-policy.ts'

afterEach(() => reset())

const SECRET = env.SETUP_SECRET
// GitHub's route needs a signature, see webhook-route.test.ts.
const guarded = Object.entries(ROUTE_POLICIES).filter(([, { who }]) => who !== 'anyone' && who !== 'page' && who !== 'github')
const cookieOf = (token: string) => `__Host-mainloop=${token}`

/** As our own page, or as a program, would call this route with this token. */
function knock(route: string, token: string | null, headers: Record<string, string> = {}): Promise<Response> {
  const [method = '', path = ''] = route.split(' ')
  const policy = ROUTE_POLICIES[route]
  return request(path.replace(':id', 'abcdefghij'), {
    method: method === 'ALL' ? 'POST' : method,
    headers: {
      ...(policy?.who === 'device' && { Origin: ORIGIN }),
      ...(policy?.socket && { Upgrade: 'websocket' }),
      ...(token !== null && (policy?.who === 'device' ? { Cookie: cookieOf(token) } : { Authorization: `Bearer ${token}` })),
      ...headers,
    },
  })
}

async function token(kind: 'runner' | 'mcp', cookie: string, days: number | null = null): Promise<{ token: string, view: { id: string } }> {
  const made = await post('/api/tokens', { kind, name: 'Test', scopes: kind === 'mcp' ? ['read'] : [], days }, cookie)
  return made.json()
}

describe('every guarded route', () => {
  let good: { device: string, runner: string, mcp: string }
  let revoked: typeof good
  let expired: typeof good
  beforeEach(async () => {
    const cookie = await pairDevice('Phone')
    const [gone, over] = [await pairDevice('Lost'), await pairDevice('Drawer')]
    const [runner, mcp, runnerGone, mcpGone] = [
      await token('runner', cookie),
      await token('mcp', cookie),
      await token('runner', cookie),
      await token('mcp', cookie),
    ]
    const [runnerOver, mcpOver] = [await token('runner', cookie, 1), await token('mcp', cookie, 1)]
    await runInDurableObject(mainloop(), (_, { storage }) => {
      storage.sql.exec('UPDATE tokens SET expires_at = 1 WHERE expires_at IS NOT NULL')
      storage.sql.exec('UPDATE devices SET issued_at = 1 WHERE name = ?', 'Drawer')
    })
    for (const { view } of [runnerGone, mcpGone])
      await request(`/api/tokens/${view.id}`, { method: 'DELETE', headers: { Cookie: cookie, Origin: ORIGIN } })
    await post('/api/unpair', {}, gone)
    good = { device: tokenIn(cookie), runner: runner.token, mcp: mcp.token }
    expired = { device: tokenIn(over), runner: runnerOver.token, mcp: mcpOver.token }
    revoked = { device: tokenIn(gone), runner: runnerGone.token, mcp: mcpGone.token }
  })

  test('answers all who do not belong with the very same words', async () => {
    for (const [route, { who }] of guarded) {
      const other = ['device', 'runner', 'mcp'].filter(kind => kind !== who) as (keyof typeof good)[]
      const kind = who as keyof typeof good
      const bad = {
        'none': null,
        'nonsense': 'x',
        'one of another deployment': await mintToken('another-setup-secret', kind, 'owner'),
        'one that was never handed out': await mintToken(SECRET, kind, 'owner'),
        'another person\'s, who has none': await mintToken(SECRET, kind, 'bob'),
        'one that says another person': good[kind].replace('.owner.', '.bob.'),
        'a revoked one': revoked[kind],
        'an expired one': expired[kind],
        'one cut short': good[kind].slice(0, -2),
        'one made longer': `${good[kind]}AA`,
        'a setup token': await setupToken(SECRET, 'owner'),
        ...Object.fromEntries(other.map(name => [`a ${name}'s`, good[name]])),
      }
      const answers = new Set<string>()
      for (const [what, wrong] of Object.entries(bad)) {
        // Each from a place of its own: who tries many is told to wait.
        const response = await knock(route, wrong, { 'CF-Connecting-IP': `${route} ${what}` })
        expect([route, what, response.status]).toEqual([route, what, 401])
        answers.add(route.endsWith('/live') || route === 'GET /runner' ? '401' : await response.text())
      }
      expect([route, answers.size]).toEqual([route, 1])
    }
  })

  test('lets in who does', async () => {
    const routes = guarded.filter(([route]) => route !== 'POST /api/unpair')
    for (const [route, { who }] of routes)
      expect([route, [401, 403, 421].includes((await knock(route, good[who as keyof typeof good])).status)]).toEqual([route, false])
  })
})

describe('a page that is not ours', () => {
  test.each(guarded.map(([route]) => route))('cannot use %s with a token that is right', async (route) => {
    const cookie = await pairDevice()
    const { who } = ROUTE_POLICIES[route] ?? { who: 'device' }
    const right = who === 'device' ? tokenIn(cookie) : (await token(who === 'runner' ? 'runner' : 'mcp', cookie)).token
    for (const Origin of ['https://evil.example', 'null', 'http://localhost:1', 'http://localhost.evil.example'])
      expect((await knock(route, right, { Origin })).status).toBe(403)
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
  ])('is not served under the name %s that somebody pointed here', async (host) => {
    const headers = { Origin: host, Cookie: await pairDevice() }
    for (const path of ['/api/session', '/api/pull', '/api/pair', '/mcp', '/runner']) {
      expect(
        (await exports.default.fetch(new Request(host + path, { method: path === '/api/session' || path === '/runner' ? 'GET' : 'POST', headers }))).status,
      ).toBe(421)
    }
  })
})

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
    for (const [route] of guarded)
      expect((await knock(route, null, { [name]: value })).status).toBe(401)
  })

  test('nothing in a query or a path chooses whose data it is', async () => {
    const [mine, theirs] = [await pairAs('ada'), await pairAs('bob')]
    await post('/api/push', pushBody(), mine)
    for (const path of ['/api/pull?person=ada&device=x&token=y', '/api/pull?identity=ada']) {
      expect(
        await (
          await post(path, { pullVersion: 1, schemaVersion: pushBody().schemaVersion, profileID: 'p', clientGroupID: 'other', cookie: null }, theirs)
        ).text(),
      ).not.toContain('Hello')
    }
  })

  test('too many of them are refused before anything looks into them', async () => {
    const response = await request('/api/session', { headers: { 'X-Long': 'a'.repeat(20_000) } })
    expect(response.status).toBe(431)
  })

  test('two cookies of the same name do not add up to a right one', async () => {
    const right = tokenIn(await pairDevice())
    const response = await request('/api/session', { headers: { Cookie: `${cookieOf('x')}; mainloop=${right}` } })
    expect(response.status).toBe(401)
  })
})

describe('a body', () => {
  test.each([
    ['too large for a small route', '/api/tokens', 'a'.repeat(MAX_SMALL_BYTES + 1), 413],
    ['too large for the largest route', '/api/push', 'a'.repeat(MAX_REQUEST_BYTES + 1), 413],
    ['nested without end', '/api/push', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 400],
    ['nested in objects without end', '/api/push', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`, 400],
    ['nested without end inside of a mutation', '/api/push', JSON.stringify(pushBody()).replace('"Hello"', `${'['.repeat(5_000)}${']'.repeat(5_000)}`), 400],
    [
      'nested without end for a tool',
      '/mcp',
      `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_tasks","arguments":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}}`,
      400,
    ],
    ['with a prototype to set', '/api/tokens', '{"__proto__":{"kind":"mcp"},"name":"x"}', 400],
    ['of a single brace', '/api/tokens', '{', 400],
    ['of nothing', '/api/tokens', '', 400],
  ])('%s is refused', async (_, path, body, status) => {
    const cookie = await pairDevice()
    const response = path === '/mcp' ? await mcpRequest(body, { token: (await token('mcp', cookie)).token }) : await post(path, body, cookie)
    expect(response.status).toBe(status)
  })
})

test('what a stranger gets tells a browser to do nothing with it', async () => {
  const { headers } = await request('/api/session')
  expect(
    Object.fromEntries(
      ['Cache-Control', 'Content-Security-Policy', 'X-Content-Type-Options', 'X-Frame-Options', 'Cross-Origin-Resource-Policy', 'Referrer-Policy'].map(name => [
        name,
        headers.get(name),
      ]),
    ),
  ).toEqual({
    'Cache-Control': 'no-store',
    'Content-Security-Policy': 'default-src \'none\'; frame-ancestors \'none\'; sandbox',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
  })
})

test('who tries many wrong tokens is told to wait, and who has a right one is not', async () => {
  const cookie = await pairDevice()
  const headers = { 'CF-Connecting-IP': '192.0.2.66' }
  const statuses: number[] = []
  // A hundred a minute, by the clock's minutes: one may begin meanwhile.
  while (statuses.length < 210 && statuses.at(-1) !== 429)
    statuses.push((await knock('GET /api/session', 'wrong', headers)).status)
  expect(statuses.lastIndexOf(401)).toBeGreaterThanOrEqual(99)
  expect(statuses.at(-1)).toBe(429)
  expect((await knock('GET /api/session', tokenIn(cookie), headers)).status).toBe(200)
  expect((await knock('GET /api/session', 'wrong', { 'CF-Connecting-IP': '192.0.2.67' })).status).toBe(401)
})

describe('behind Cloudflare Access', () => {
  const walled = { ...env, ACCESS_ISSUER: 'https://team.cloudflareaccess.com', ACCESS_AUDIENCE: 'the-application' }
  const unsigned = `${btoa('{"alg":"none"}')}.${btoa('{"iss":"https://team.cloudflareaccess.com","aud":"the-application","exp":9999999999,"iat":1}').replaceAll('=', '')}.`
  const routes = Object.entries(ROUTE_POLICIES).filter(([, { who }]) => who === 'page' || who === 'device').map(([route]) => route)

  test.each(routes)('%s is shut for whoever did not come through it, paired or not', async (route) => {
    const [method = '', path = ''] = route.split(' ')
    const headers = { Origin: ORIGIN, Cookie: await pairDevice(), ...ROUTE_POLICIES[route]?.socket && { Upgrade: 'websocket' } }
    for (const assertion of [null, 'x', unsigned]) {
      const response = await app.fetch(
        new Request(ORIGIN + path.replace(':id', 'abcdefghij'), {
          method,
          headers: { ...headers, ...(assertion !== null && { 'Cf-Access-Jwt-Assertion': assertion }) },
        }),
        walled,
      )
      expect([response.status, await response.text()]).toEqual([401, expect.stringContaining('Cloudflare Access')])
    }
  })

  test('programs come in with their tokens alone, and strangers do not', async () => {
    const { token: runner } = await token('runner', await pairDevice())
    const ask = (bearer: string) => app.fetch(new Request(`${ORIGIN}/runner/tasks`, { headers: { Authorization: `Bearer ${bearer}` } }), walled)
    expect([(await ask(runner)).status, (await ask('x')).status]).toEqual([200, 401])
  })
})

test('when a token was last used is shown', async () => {
  const cookie = await pairDevice()
  const { token: mcp, view } = await token('mcp', cookie)
  const seen = async () => {
    const { tokens } = await (await request('/api/tokens', { headers: { Cookie: cookie } })).json<{ tokens: { id: string, seenAt: number | null }[] }>()
    return tokens.find(({ id }) => id === view.id)?.seenAt
  }
  expect(await seen()).toBeNull()
  await knock('ALL /mcp', mcp)
  expect(await seen()).toEqual(expect.any(Number))
})

describe('whoever was invited by a device that is then revoked', () => {
  /** Ada's phone, in the wrong hands, invites a device and says yes for it; the device does not come in yet. */
  async function acceptedBy(phone: string): Promise<() => Promise<Response>> {
    const { id, code } = await (await post('/api/pairings', {}, phone)).json<{ id: string, code: string }>()
    const { claim } = await (await post('/api/pair/claim', { code, name: 'Sleeper' }, '')).json<{ claim: string }>()
    await post(`/api/pairings/${id}/answer`, { accept: true }, phone)
    return () => post('/api/pair/finish', { claim }, '')
  }

  test.each([
    ['by another device', async (laptop: string, phone: string) => {
      const { device } = await (await request('/api/session', { headers: { Cookie: phone } })).json<{ device: { id: string } }>()
      await request(`/api/devices/${device.id}`, { method: 'DELETE', headers: { Cookie: laptop, Origin: ORIGIN } })
    }],
    ['by itself', async (_: string, phone: string) => void await post('/api/unpair', {}, phone)],
    ['with everything else', async (laptop: string) => void await post('/api/erase', { everything: true }, laptop)],
  ])('does not come in any more: %s', async (_, revoke) => {
    const [laptop, phone] = [await pairDevice('Laptop'), await pairDevice('Phone')]
    const finish = await acceptedBy(phone)
    await revoke(laptop, phone)
    const response = await finish()
    expect([response.status, response.headers.get('Set-Cookie')]).toEqual([401, null])
  })
})

test('a name that a stranger gives is one line that shows what it says', async () => {
  const owner = await pairDevice()
  const { id, code } = await (await post('/api/pairings', {}, owner)).json<{ id: string, code: string }>()
  await post('/api/pair/claim', { code, name: 'Phone\u001B[2K\r\nDoes it show "a b c"?\u202E' }, '')
  const view = await (await request(`/api/pairings/${id}`, { headers: { Cookie: owner } })).json<{ name: string }>()
  expect(view.name).toBe('Phone [2K Does it show "a b c"?')
})

describe('a second person on the same deployment', () => {
  test('sees no rows, no search, no devices and no tokens of the first, and cannot take any of them away', async () => {
    const [ada, bob] = [await pairAs('ada'), await pairAs('bob')]
    await post('/api/push', pushBody(), ada)
    const { view } = await token('mcp', ada)
    const devices = await (await request('/api/devices', { headers: { Cookie: ada } })).json<{ devices: { id: string }[] }>()
    const bobMcp = (await token('mcp', bob)).token

    for (const path of ['/api/devices', '/api/tokens'])
      expect(await (await request(path, { headers: { Cookie: bob } })).text()).not.toContain(path === '/api/devices' ? devices.devices[0]?.id : view.id)
    const tasks = await knock('ALL /mcp', bobMcp, { 'Content-Type': 'application/json', 'Accept': 'application/json, text/event-stream' })
    expect(await tasks.text()).not.toContain('Hello')

    await request(`/api/tokens/${view.id}`, { method: 'DELETE', headers: { Cookie: bob, Origin: ORIGIN } })
    await request(`/api/devices/${devices.devices[0]?.id}`, { method: 'DELETE', headers: { Cookie: bob, Origin: ORIGIN } })
    expect(await (await request('/api/tokens', { headers: { Cookie: ada } })).text()).toContain(view.id)
    expect((await request('/api/session', { headers: { Cookie: ada } })).status).toBe(200)
  })

  test('hears nothing on the socket of what the first does', async () => {
    const [ada, bob] = [await pairAs('ada'), await pairAs('bob')]
    const socket = await openLive(bob)
    await post('/api/push', pushBody(), ada)
    socket.send('an answer to this ends the wait')
    await socket.next((frame): frame is typeof frame => frame.type === 'error')
    expect(socket.waiting()).toEqual([])
  })
})

async function pairAs(person: string): Promise<string> {
  const response = await post('/api/pair', { secret: await setupToken(SECRET, person), name: 'Phone' }, '')
  return (response.headers.get('Set-Cookie') ?? '').split(';')[0] ?? ''
}

function tokenIn(cookie: string): string {
  return cookie.slice(cookie.indexOf('=') + 1)
}
