import type { Context, Next } from 'hono'
import type { TokenView } from '#shared/protocol/access.ts'
import type { Identity } from '../auth/identity.ts'
import type { Bindings } from '../bindings.ts'
import type { Device } from '../members/devices.ts'
import type { RoutePolicy } from './route-policy.ts'
import { verify } from '@octokit/webhooks-methods'
import { createMiddleware } from 'hono/factory'
import { matchedRoutes } from 'hono/route'
import { unreachable } from '#shared/lib/unreachable.ts'
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
    /** The person whose data this request may use; read from the token and from nothing else in the request. */
    identity: Identity
    /** Set on routes for devices. */
    device: Device
    /** Set on routes for MCP clients. */
    token: TokenView
    /** Set on GitHub's route: the signed body and its signature. */
    signed: { body: string, signature: string }
  }
}

type DeviceContext = Context<DeviceEnv>
type TokenCaller = Exclude<RoutePolicy['caller'], 'anyone' | 'page'>

/** Lets requests through to their handlers by the table of route policies, for every route. */
export const guard = createMiddleware<DeviceEnv>(async (c, next) => {
  const policy = policyOf(c)
  if (policy.caller !== 'anyone') {
    mustBeOwnHost(c, c.env.HOSTS)
    mustBeOwnOrigin(c, { program: isProgram(policy) })
    await mustPassCloudflareAccess(c, policy)
    await mustBeKnown(c, policy)
  }
  if (policy.caller === 'github')
    return limitDelivery(c, () => mustBeSigned(c, next))
  await limitOf(policy)(c, next)
})

/**
 * Finds the policy of the matched route. A route that is missing from the table, and an address under /api without a
 * route, are for devices, so that a stranger learns nothing about them.
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

/** Checks Cloudflare Access where it is configured. Programs have no browser to sign in with, so they are exempt. */
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
  const token = readToken(c, caller)
  const identity = token === null ? null : await identify(c.env, caller, token)
  // The object that accepts a socket or a delivery looks the token up
  // in the same step, so that the token cannot be revoked in between.
  if (!identity || !(socket || caller === 'github' || await isKnown(c, caller, identity)))
    return refuse(c, caller, token)
  c.set('identity', identity)
}

/** Whether the token is neither revoked nor expired. Costs one read. */
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

/** Verifies GitHub's signature over the raw body, before anything parses it. */
async function mustBeSigned(c: DeviceContext, next: Next): Promise<void> {
  const token = readWebhookToken(c)
  const signature = c.req.header('X-Hub-Signature-256') ?? ''
  const body = new TextDecoder().decode(await c.req.arrayBuffer())
  const canBeSigned = SIGNATURE.test(signature) && body !== ''
  if (!canBeSigned || !await verify(await webhookSecret(c.env.SETUP_SECRET, token), body, signature))
    return refuse(c, 'github', token)
  c.set('signed', { body, signature })
  await next()
}

const SIGNATURE = /^sha256=[\da-f]{64}$/

/**
 * Throws the same error for a token that is missing, wrong, unknown, expired, revoked or of another kind. An address
 * that tries many tokens learns even less.
 */
export async function refuse(
  c: DeviceContext,
  caller: TokenCaller,
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

/** Reads the path itself: the guard is on every path, so the route's parameters are not parsed yet. */
function readWebhookToken(c: DeviceContext): string {
  return c.req.path.slice(c.req.path.lastIndexOf('/') + 1)
}

function readToken(c: DeviceContext, caller: TokenCaller): string | null {
  switch (caller) {
    case 'device': return readSessionToken(c)
    case 'github': return readWebhookToken(c)
    case 'runner':
    case 'mcp': return readBearer(c)
    default: return unreachable(caller)
  }
}

function readBearer(c: DeviceContext): string | null {
  const [scheme, token = '', ...more] = c.req.header('Authorization')?.split(' ') ?? []
  return scheme?.toLowerCase() === 'bearer' && token && more.length === 0 ? token : null
}
