import type { Context } from 'hono'
import type { DeviceEnv } from './guard.ts'
import { newToken } from '#shared/protocol/access.ts'
import { hashToken } from '../auth/secrets.ts'
import { mintToken } from '../auth/signed-token.ts'
import { webhookSecret } from '../auth/webhook-secret.ts'
import { mainloopOf, pairingRegistryOf } from '../bindings.ts'
import { EdgeError } from '../http/edge-error.ts'
import { parseBody } from '../http/parse-body.ts'
import { MAX_TOKENS } from '../members/tokens.ts'

export async function listTokens(c: Context<DeviceEnv>): Promise<Response> {
  return c.json({ tokens: await mainloopOf(c.env, c.var.identity.person).listTokens() })
}

/** Creates a token. This is the only response that ever contains it. */
export async function createToken(c: Context<DeviceEnv>): Promise<Response> {
  const wanted = await parseBody(c, newToken)
  const { person } = c.var.identity
  const token = await mintToken(c.env.SETUP_SECRET, wanted.kind, person)
  const view = await mainloopOf(c.env, person).addToken(wanted, await hashToken(token))
  if (!view)
    throw new EdgeError('too-many-attempts', `There can be ${MAX_TOKENS} tokens at most. Revoke some first.`)
  return c.json({
    token,
    view,
    secret: wanted.kind === 'github' ? await webhookSecret(c.env.SETUP_SECRET, token) : null,
  })
}

/** Revokes a token. Revoking one that is gone already succeeds too. */
export async function revokeToken(c: Context<DeviceEnv>): Promise<Response> {
  const { person } = c.var.identity
  await mainloopOf(c.env, person).revokeToken(c.req.param('id') ?? '')
  // A runner's token may have invited devices, so open invitations end too.
  await pairingRegistryOf(c.env).close(person)
  return c.json({})
}
