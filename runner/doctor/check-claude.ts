import type { Config } from '../config/config.ts'
import type { Check } from './check.ts'
import { check } from './check.ts'

const API = 'https://api.anthropic.com'
const API_VERSION = '2023-06-01'

/** It lists models, which costs nothing. ms */
const TIMEOUT_MS = 10_000

/** Whether Claude takes the workers' credential. Nothing when there is none: that is the configuration's problem. */
export async function checkClaude(
  { apiKey, oauthToken, baseUrl }: Config['claude'],
  ask: typeof fetch,
): Promise<Check[]> {
  const base = baseUrl ?? API
  if (apiKey !== null) {
    return [
      await check('claude', async () => {
        const { status } = await ask(`${base}/v1/models?limit=1`, {
          headers: { 'x-api-key': apiKey, 'anthropic-version': API_VERSION },
          signal: AbortSignal.timeout(TIMEOUT_MS),
        }).catch((cause: unknown) => {
          throw new Error(`${base} cannot be reached. Check the network, and ANTHROPIC_BASE_URL if it is set.`, {
            cause,
          })
        })
        if (status === 401 || status === 403) {
          throw new Error(
            `${base} does not accept ANTHROPIC_API_KEY: it is wrong or was revoked. Make a new one at https://console.anthropic.com and set it.`,
          )
        }
        return status < 400
          ? `${base} accepts the API key`
          : `${base} answers, but with ${status} to the question which models it has; an attempt will show more`
      }),
    ]
  }
  return oauthToken === null
    ? []
    : [
        {
          name: 'claude',
          ok: true,
          say: 'CLAUDE_CODE_OAUTH_TOKEN is set; whether Claude accepts it shows with the first attempt',
        },
      ]
}
