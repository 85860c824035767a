import type { Env } from '../env.ts'
import type { PersonId } from './person-id.ts'
import type { TokenKind } from './signed-token.ts'
import { OWNER } from './person-id.ts'
import { hashToken, isSecret } from './secrets.ts'
import { personOf } from './signed-token.ts'

/** The person of a token, and the token's hash as it is stored. */
export interface Identity {
  person: PersonId
  tokenHash: string
}

/** Stands for the hash of the deployment's own RUNNER_TOKEN; no digest looks like this. */
export const DEPLOYMENT_TOKEN = 'deployment'

/** Identifies a token's person without reading storage; null when this edge did not make it as one of this kind. */
export async function identify(
  env: Pick<Env, 'SETUP_SECRET' | 'RUNNER_TOKEN'>,
  kind: TokenKind,
  token: string,
): Promise<Identity | null> {
  if (kind === 'runner' && (await isSecret(token, env.RUNNER_TOKEN)))
    return { person: OWNER, tokenHash: DEPLOYMENT_TOKEN }
  const person = await personOf(env.SETUP_SECRET, kind, token)
  return person === null ? null : { person, tokenHash: await hashToken(token) }
}
