import type { IncomingHttpHeaders } from 'node:http'

/** What swaps in for the worker's token; the key goes before the subscription, as in Claude Code itself. */
export interface Credential { apiKey: string | null, oauthToken: string | null }

/** Without it the API does not take a subscription's token. */
const OAUTH_BETA = 'oauth-2025-04-20'

/** A worker decides nothing about a request but what it asks and how it describes itself. */
const PASSED_ON
  = /^(?:accept|anthropic-version|anthropic-beta|anthropic-dangerous-direct-browser-access|content-type|content-length|user-agent|x-app|x-claude-code-.+|x-stainless-.+)$/

/** The request's headers as they go to the model, with the real credential. Null when the runner has none. */
export function requestHeaders(
  headers: IncomingHttpHeaders,
  { apiKey, oauthToken }: Credential,
): Record<string, string> | null {
  const passed = Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      PASSED_ON.test(name) && value !== undefined ? [[name, String(value)]] : [],
    ),
  )
  // The meter reads what comes back.
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

/** What is about one connection, not about the answer; and what the provider knows of our account's owner. */
const DROPPED
  = /^(?:connection|keep-alive|transfer-encoding|upgrade|proxy-.+|set-cookie|server|via|cf-.+|anthropic-organization-id)$/

export function responseHeaders(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || DROPPED.test(name) ? [] : [[name, value]],
    ),
  )
}

/** The token a worker shows: it sends it as the credential that it takes it for. Empty when it shows none. */
export function shownToken(headers: IncomingHttpHeaders): string {
  const key = headers['x-api-key']
  return typeof key === 'string' ? key : /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? ''
}
