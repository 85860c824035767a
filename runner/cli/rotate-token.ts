import type { NewToken, TokenView } from '#shared/protocol/access.ts'
import type { EdgeApi } from '../edge-api/edge-api.ts'
import { EdgeRefusal } from '../edge-api/edge-api.ts'

const DAY_MS = 24 * 3_600_000

/**
 * Creates a token with the scopes and the lifetime of another one, and revokes that one. Returns the new token, which
 * the edge shows only once. Throws `EdgeRefusal` for an unknown token and for a webhook's.
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
  const created = await api.createToken(copyOf(old))
  await api.revokeToken(id)
  return created
}

function copyOf({ kind, name, scopes, createdAt, expiresAt }: TokenView): NewToken {
  return { kind, name, scopes, days: expiresAt === null ? null : Math.round((expiresAt - createdAt) / DAY_MS) }
}
