import type { Context, Next } from 'hono'
import type { TokenView } from '#shared/protocol/access.ts'
import type { Identity } from '../auth/identity.ts'
import type { Bindings } from '../bindings.ts'
import type { Device } from '../members/devices.ts'
import type { RoutePolicy } from './route-policy.ts'
import { verify } from '@octokit/webhooks-methods'
import { createMiddleware } from 'hono/factory'
import { matchedRoutes } from 'hono/route'
import { mustBeOwnHost, mustBeOwnOrigin } from '../auth/check-origin.ts'
import { addressOf } from '../auth/client-address.ts'
import { cloudflareAccessOf, passesCloudflareAccess } from '../auth/cloudflare-access.ts'
import { DEPLOYMENT_TOKEN, identify } from '../auth/identity.ts'
import { readSessionToken } from '../auth/session-cookie.ts'
import { webhookSecret } from '../auth/webhook-secret.ts'
import { mainloopOf } from '../bindings.ts'
import { EdgeError } from '../http/edge-error.ts'
import { limitDelivery, limitFileBody, limitLargeBody, limitSmallBody } from '../http/limit-body.ts'
import { ROUTE_POLICIES } from './route-policy.ts'

export interface DeviceEnv {
  Bindings: Bindings
  Variables: {
    /** Whose everything is that this request may touch; from their token, never from anything else the client says. */
    identity: Identity
    /** For a device's route. */
    device: Device
    /** For an MCP client's route. */
    token: TokenView
    /** For GitHub's route: what was signed, and the signature. */
    signed: { body: string, signature: string }
  }
}

type DeviceContext = Context<DeviceEnv>

/** The one place that lets a request through to its handler, by the table of route policies. */
export const guard = createMiddleware<DeviceEnv>(async (c, next) => {
  const policy = policyOf(c)
  if (policy.caller !== 'anyone') {
    mustBeOwnHost(c, c.env.HOSTS)
    mustBeOwnOrigin(c, { program: isProgram(policy) })
    await mustPassCloudflareAccess(c, policy)
    await mustBeKnown(c, policy)
  }
  if (policy.caller === 'github')
    return limitDelivery(c, () => signedOnly(c, next))
  await limitOf(policy)(c, next)
})

/**
 * A route that is missing from the table, and an address under /api
 * without a route, are for devices: a stranger learns nothing of them.
 */
function policyOf(c: DeviceContext): RoutePolicy {
  const route = matchedRoutes(c).findLast(({ path }) => !path.includes('*'))
  const policy = route && ROUTE_POLICIES[`${route.method} ${route.path}`]
  if (!policy && !c.req.path.startsWith('/api/'))
    throw new EdgeError('not-found', 'There is nothing at this address.')
  return policy ?? { caller: 'device' }
}

function limitOf({ large = false, file = false }: RoutePolicy) {
  if (file)
    return limitFileBody
  return large ? limitLargeBody : limitSmallBody
}

function isProgram({ caller }: RoutePolicy): boolean {
  return caller === 'runner' || caller === 'mcp' || caller === 'github'
}

/**
 * Cloudflare Access, where it is configured. Programs have no browser to sign in with; their tokens are all they have.
 */
async function mustPassCloudflareAccess(c: DeviceContext, policy: RoutePolicy): Promise<void> {
  const access = isProgram(policy) ? null : cloudflareAccessOf(c.env)
  if (access && !await passesCloudflareAccess(access, c.req.header('Cf-Access-Jwt-Assertion'), Date.now())) {
    throw new EdgeError(
      'unauthorized',
      'Cloudflare Access did not let this request through. Load the page again to sign in.',
    )
  }
}

async function mustBeKnown(c: DeviceContext, { caller, socket = false }: RoutePolicy): Promise<void> {
  if (caller === 'anyone' || caller === 'page')
    return
  const token = caller === 'device' ? readSessionToken(c) : caller === 'github' ? readWebhookToken(c) : readBearer(c)
  const identity = token === null ? null : await identify(c.env, caller, token)
  // What accepts a socket or a delivery looks its token up in
  // the same step, so that a token cannot be revoked in between.
  if (!identity || !(socket || caller === 'github' || await isKnown(c, caller, identity)))
    return refuse(c, caller, token)
  c.set('identity', identity)
}

/** Not revoked, not expired; one read. */
async function isKnown(
  c: DeviceContext,
  caller: 'device' | 'runner' | 'mcp',
  { person, tokenHash }: Identity,
): Promise<boolean> {
  if (caller === 'runner' && tokenHash === DEPLOYMENT_TOKEN)
    return true
  if (caller === 'device') {
    const device = await mainloopOf(c.env, person).findDevice(tokenHash)
    if (device)
      c.set('device', device)
    return device !== null
  }
  const token = await mainloopOf(c.env, person).findToken(caller, tokenHash)
  if (token)
    c.set('token', token)
  return token !== null
}

/** GitHub's signature over the body as it came, before anything looks into it. */
async function signedOnly(c: DeviceContext, next: Next): Promise<void> {
  const token = readWebhookToken(c)
  const signature = c.req.header('X-Hub-Signature-256') ?? ''
  const body = new TextDecoder().decode(await c.req.arrayBuffer())
  if (
    !SIGNATURE.test(signature)
    || body === ''
    || !(await verify(await webhookSecret(c.env.SETUP_SECRET, token), body, signature))
  ) {
    return refuse(c, 'github', token)
  }
  c.set('signed', { body, signature })
  await next()
}

const SIGNATURE = /^sha256=[\da-f]{64}$/

/**
 * One answer for missing, wrong, unknown, expired, revoked and of another kind. Who tries many is answered even less.
 */
export async function refuse(
  c: DeviceContext,
  caller: 'device' | 'runner' | 'mcp' | 'github',
  token: string | null,
): Promise<never> {
  if (token !== null && !(await c.env.WRONG_TOKENS.limit({ key: addressOf(c) })).success)
    throw new EdgeError('too-many-attempts', 'Too many wrong tokens came from this address. Try again in a minute.')
  throw new EdgeError('unauthorized', SENTENCE[caller])
}

const SENTENCE = {
  device: 'This device is not paired. Open the setup link to pair it, or add it on a device that is.',
  runner: 'The runner\'s token is missing or not known. Set RUNNER_TOKEN to one that is.',
  mcp: 'The token is missing or not known. Create one under Settings, and send it as "Authorization: Bearer …".',
  github: 'This delivery is not signed with a secret that is known. "mainloop webhook" makes a new address and secret.',
}

/** The guard is on every path, so the route's own parameters are not there yet. */
function readWebhookToken(c: DeviceContext): string {
  return c.req.path.slice(c.req.path.lastIndexOf('/') + 1)
}

function readBearer(c: DeviceContext): string | null {
  const [scheme, token = '', ...more] = c.req.header('Authorization')?.split(' ') ?? []
  return scheme?.toLowerCase() === 'bearer' && token && more.length === 0 ? token : null
}
