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

/** The only answer that ever contains the token. */
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

/** One that is not there is gone already, which is what was asked for. */
export async function revokeToken(c: Context<DeviceEnv>): Promise<Response> {
  const { person } = c.var.identity
  await mainloopOf(c.env, person).revokeToken(c.req.param('id') ?? '')
  // A runner's token may invite devices.
  await pairingRegistryOf(c.env).close(person)
  return c.json({})
}
