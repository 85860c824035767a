import type { NewToken, TokenView } from '#shared/protocol/access.ts'
import type { EdgeApi } from '../edge-api/edge-api.ts'
import { EdgeRefusal } from '../edge-api/edge-api.ts'

const DAY_MS = 24 * 3_600_000

/**
 * Makes a token that may what another one may, for as long again, and
 * voids that one. Answers with the new one, which is told only now.
 */
export async function rotateToken(
  api: Pick<EdgeApi, 'tokens' | 'createToken' | 'revokeToken'>,
  id: string,
): Promise<{ token: string, view: TokenView }> {
  const old = (await api.tokens()).tokens.find(token => token.id === id)
  if (!old)
    throw new EdgeRefusal(`There is no token ${id}. "mainloop token list" shows them.`)
  if (old.kind === 'github') {
    throw new EdgeRefusal(
      'GitHub must be told another address and secret too: "mainloop webhook" makes them. Then revoke this one.',
    )
  }
  const made = await api.createToken(sameAgain(old))
  await api.revokeToken(id)
  return made
}

function sameAgain({ kind, name, scopes, createdAt, expiresAt }: TokenView): NewToken {
  return { kind, name, scopes, days: expiresAt === null ? null : Math.round((expiresAt - createdAt) / DAY_MS) }
}
