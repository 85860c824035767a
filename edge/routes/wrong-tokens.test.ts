import { reset, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { mintToken, setupToken } from '../auth/signed-token.ts'
import { mainloop, ORIGIN, pairDevice, post, request } from '../testing/harness.ts'
import { callRoute, createToken, GUARDED_ROUTES, tokenIn } from './testing/call-route.ts'

afterEach(() => reset())

type TokenKind = 'device' | 'runner' | 'mcp'
type Tokens = Record<TokenKind, string>

const SECRET = env.SETUP_SECRET
const KINDS: TokenKind[] = ['device', 'runner', 'mcp']

describe('every guarded route', () => {
  let good: Tokens
  let revoked: Tokens
  let expired: Tokens
  beforeEach(async () => {
    const cookie = await pairDevice('Phone')
    const [revokedCookie, expiredCookie] = [await pairDevice('Lost'), await pairDevice('Drawer')]
    const [runner, mcp] = [await createToken('runner', cookie), await createToken('mcp', cookie)]
    const [revokedRunner, revokedMcp] = [await createToken('runner', cookie), await createToken('mcp', cookie)]
    const [expiredRunner, expiredMcp] = [await createToken('runner', cookie, 1), await createToken('mcp', cookie, 1)]
    await runInDurableObject(mainloop(), (_, { storage }) => {
      storage.sql.exec('UPDATE tokens SET expires_at = 1 WHERE expires_at IS NOT NULL')
      storage.sql.exec('UPDATE devices SET issued_at = 1 WHERE name = ?', 'Drawer')
    })
    for (const { view } of [revokedRunner, revokedMcp])
      await request(`/api/tokens/${view.id}`, { method: 'DELETE', headers: { Cookie: cookie, Origin: ORIGIN } })
    await post('/api/unpair', {}, revokedCookie)
    good = { device: tokenIn(cookie), runner: runner.token, mcp: mcp.token }
    expired = { device: tokenIn(expiredCookie), runner: expiredRunner.token, mcp: expiredMcp.token }
    revoked = { device: tokenIn(revokedCookie), runner: revokedRunner.token, mcp: revokedMcp.token }
  })

  async function wrongTokens(kind: TokenKind): Promise<Record<string, string | null>> {
    return {
      'none': null,
      'nonsense': 'x',
      'one of another deployment': await mintToken('another-setup-secret', kind, 'owner'),
      'one that was never handed out': await mintToken(SECRET, kind, 'owner'),
      'another person\'s, who has none': await mintToken(SECRET, kind, 'bob'),
      'one that names another person': good[kind].replace('.owner.', '.bob.'),
      'a revoked one': revoked[kind],
      'an expired one': expired[kind],
      'one cut short': good[kind].slice(0, -2),
      'one made longer': `${good[kind]}AA`,
      'a setup token': await setupToken(SECRET, 'owner'),
      ...Object.fromEntries(KINDS.filter(other => other !== kind).map(other => [`a ${other}'s`, good[other]])),
    }
  }

  test('answers every wrong token with the same words', async () => {
    for (const [route, { caller }] of GUARDED_ROUTES) {
      const answers = new Set<string>()
      for (const [name, token] of Object.entries(await wrongTokens(caller as TokenKind))) {
        // Each comes from its own address, because one that tries many must wait.
        const response = await callRoute(route, token, { 'CF-Connecting-IP': `${route} ${name}` })
        expect([route, name, response.status]).toEqual([route, name, 401])
        answers.add(route.endsWith('/live') || route === 'GET /runner' ? '401' : await response.text())
      }
      expect([route, answers.size]).toEqual([route, 1])
    }
  })

  test('accepts a right token', async () => {
    for (const [route, { caller }] of GUARDED_ROUTES.filter(([route]) => route !== 'POST /api/unpair')) {
      const { status } = await callRoute(route, good[caller as TokenKind])
      expect([route, [401, 403, 421].includes(status)]).toEqual([route, false])
    }
  })
})

test('an address that tries many wrong tokens must wait, unless it has a right one', async () => {
  const cookie = await pairDevice()
  const headers = { 'CF-Connecting-IP': '192.0.2.66' }
  const statuses: number[] = []
  // The limit is a hundred in each minute of the clock, and a new minute may begin meanwhile.
  while (statuses.length < 210 && statuses.at(-1) !== 429)
    statuses.push((await callRoute('GET /api/session', 'wrong', headers)).status)
  expect(statuses.lastIndexOf(401)).toBeGreaterThanOrEqual(99)
  expect(statuses.at(-1)).toBe(429)
  expect((await callRoute('GET /api/session', tokenIn(cookie), headers)).status).toBe(200)
  expect((await callRoute('GET /api/session', 'wrong', { 'CF-Connecting-IP': '192.0.2.67' })).status).toBe(401)
})

test('the list of tokens shows when each was last used', async () => {
  const cookie = await pairDevice()
  const { token, view } = await createToken('mcp', cookie)
  const seenAt = async () => {
    const response = await request('/api/tokens', { headers: { Cookie: cookie } })
    const { tokens } = await response.json<{ tokens: { id: string, seenAt: number | null }[] }>()
    return tokens.find(({ id }) => id === view.id)?.seenAt
  }
  expect(await seenAt()).toBeNull()
  await callRoute('ALL /mcp', token)
  expect(await seenAt()).toEqual(expect.any(Number))
})
