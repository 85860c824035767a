import type { Config } from '../config/config.ts'
import type { Check } from './check.ts'
import { check } from './check.ts'

const API = 'https://api.anthropic.com'
const API_VERSION = '2023-06-01'

const TIMEOUT_MS = 10_000

/**
 * Checks whether Claude accepts the workers' API key by listing the models, which costs nothing. Returns no check
 * without a credential, because the configuration reports that.
 */
export async function checkClaude(
  { apiKey, oauthToken, baseUrl }: Config['claude'],
  fetchModels: typeof fetch,
): Promise<Check[]> {
  if (apiKey !== null)
    return [await check('claude', () => checkKey(baseUrl ?? API, apiKey, fetchModels))]
  if (oauthToken === null)
    return []
  const say = 'CLAUDE_CODE_OAUTH_TOKEN is set; whether Claude accepts it shows with the first attempt'
  return [{ name: 'claude', ok: true, say }]
}

async function checkKey(base: string, apiKey: string, fetchModels: typeof fetch): Promise<string> {
  const { status } = await fetchModels(`${base}/v1/models?limit=1`, {
    headers: { 'x-api-key': apiKey, 'anthropic-version': API_VERSION },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((cause: unknown) => {
    const message = `${base} cannot be reached. Check the network, and ANTHROPIC_BASE_URL if it is set.`
    throw new Error(message, { cause })
  })
  if (status === 401 || status === 403) {
    throw new Error(`${base} does not accept ANTHROPIC_API_KEY: it is wrong or was revoked. `
      + 'Make a new one at https://console.anthropic.com and set it.')
  }
  return status < 400
    ? `${base} accepts the API key`
    : `${base} answers, but with ${status} to the question which models it has; an attempt will show more`
}
