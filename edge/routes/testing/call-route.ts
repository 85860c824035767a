import { env } from 'cloudflare:workers'
import { setupToken } from '../../auth/signed-token.ts'
import { ORIGIN, post, request } from '../../testing/harness.ts'
import { ROUTE_POLICIES } from '../route-policy.ts'

/** The routes that need a token. GitHub's needs a signature too, see webhook-route.test.ts. */
export const GUARDED_ROUTES = Object.entries(ROUTE_POLICIES)
  .filter(([, { caller }]) => caller !== 'anyone' && caller !== 'page' && caller !== 'github')

export interface CreatedToken { token: string, view: { id: string } }

export async function createToken(kind: 'runner' | 'mcp', cookie: string, days: number | null = null): Promise<CreatedToken> {
  const response = await post('/api/tokens', { kind, name: 'Test', scopes: kind === 'mcp' ? ['read'] : [], days }, cookie)
  return response.json()
}

/** Calls a route with this token as its caller would: our own page, or a program. */
export function callRoute(route: string, token: string | null, headers: Record<string, string> = {}): Promise<Response> {
  const [method = '', path = ''] = route.split(' ')
  const { caller, socket } = ROUTE_POLICIES[route] ?? {}
  return request(path.replace(':id', 'abcdefghij'), {
    method: method === 'ALL' ? 'POST' : method,
    headers: {
      ...(caller === 'device' && { Origin: ORIGIN }),
      ...(socket && { Upgrade: 'websocket' }),
      ...(token !== null && (caller === 'device' ? { Cookie: cookieOf(token) } : { Authorization: `Bearer ${token}` })),
      ...headers,
    },
  })
}

/** Pairs a device of this person and returns its cookie. */
export async function pairAs(person: string): Promise<string> {
  const response = await post('/api/pair', { secret: await setupToken(env.SETUP_SECRET, person), name: 'Phone' }, '')
  return (response.headers.get('Set-Cookie') ?? '').split(';')[0] ?? ''
}

export function cookieOf(token: string): string {
  return `__Host-mainloop=${token}`
}

export function tokenIn(cookie: string): string {
  return cookie.slice(cookie.indexOf('=') + 1)
}
