import type { Config } from '../config/config.ts'
import type { ModelAccess } from '../job/stage-protocol.ts'
import type { AttemptName } from './attempt-token.ts'
import type { Ledger } from './ledger.ts'
import { createAttemptTokens } from './attempt-token.ts'
import { createGateway } from './gateway.ts'
import { listen } from './listen.ts'

export interface RunningGateway {
  /** Returns the gateway's address and the attempt's token, in the field of the credential that it stands for. */
  access: (attempt: AttemptName) => ModelAccess
  close: () => void
}

const ANTHROPIC = 'https://api.anthropic.com'

export async function startGateway(
  config: Pick<Config, 'claude' | 'gateway' | 'prices' | 'runnerToken' | 'workDir'>,
  ledger: Ledger,
  bug: (error: unknown) => void,
): Promise<RunningGateway> {
  const { claude, gateway, prices, workDir } = config
  const tokens = createAttemptTokens(config.runnerToken)
  const server = createGateway({
    upstream: claude.baseUrl ?? ANTHROPIC,
    credential: claude,
    prices,
    tokens,
    ledger,
    now: Date.now,
    bug,
  })
  const port = await listen(server, gateway.listen, workDir)
  const url = gateway.url ?? `http://${gateway.listen?.host ?? '127.0.0.1'}:${port}`
  // Claude Code sends other requests with a subscription, so the token's field tells it which kind this is.
  const isSubscription = claude.apiKey === null && claude.oauthToken !== null
  return {
    access: (attempt) => {
      const token = tokens.of(attempt)
      return { apiKey: isSubscription ? null : token, oauthToken: isSubscription ? token : null, baseUrl: url }
    },
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
