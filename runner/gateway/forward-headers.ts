import type { IncomingHttpHeaders } from 'node:http'

/** Replaces the worker's token. The key takes precedence over the subscription, as in Claude Code itself. */
export interface Credential { apiKey: string | null, oauthToken: string | null }

/** The API accepts a subscription's token only with this beta. */
const OAUTH_BETA = 'oauth-2025-04-20'

/** The only request headers of a worker that go on: all others could change who asks, or through whom. */
const PASSED_ON
  = /^(?:accept|anthropic-version|anthropic-beta|anthropic-dangerous-direct-browser-access|content-type|content-length|user-agent|x-app|x-claude-code-.+|x-stainless-.+)$/

/** Returns the headers for the model, with the real credential; null when the runner has none. */
export function requestHeaders(
  headers: IncomingHttpHeaders,
  { apiKey, oauthToken }: Credential,
): Record<string, string> | null {
  const passed = Object.fromEntries(Object.entries(headers).flatMap(([name, value]) =>
    PASSED_ON.test(name) && value !== undefined ? [[name, String(value)]] : []))
  // The meter has to read the answer, so it must not be compressed.
  const plain = { ...passed, 'accept-encoding': 'identity' }
  if (apiKey !== null)
    return { ...plain, 'x-api-key': apiKey }
  if (oauthToken === null)
    return null
  const betas = new Set(
    (passed['anthropic-beta'] ?? '')
      .split(',')
      .map(beta => beta.trim())
      .filter(beta => beta !== ''),
  )
  return { ...plain, 'authorization': `Bearer ${oauthToken}`, 'anthropic-beta': [...betas.add(OAUTH_BETA)].join(',') }
}

/** Headers about one connection instead of the answer, and headers about the owner of the account. */
const DROPPED
  = /^(?:connection|keep-alive|transfer-encoding|upgrade|proxy-.+|set-cookie|server|via|cf-.+|anthropic-organization-id)$/

export function responseHeaders(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) =>
    value === undefined || DROPPED.test(name) ? [] : [[name, value]]))
}

/** The worker's token, which it sends like an API key or like a subscription's token; empty when there is none. */
export function readToken(headers: IncomingHttpHeaders): string {
  const key = headers['x-api-key']
  return typeof key === 'string' ? key : /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? ''
}
