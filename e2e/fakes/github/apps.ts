import type { Context } from 'hono'
import type { Links } from './links.ts'
import type { Account, App, Installation, Repository, State } from './state.ts'
import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { decodeJwt, errors, jwtVerify } from 'jose'
import { must } from '#shared/lib/must.ts'
import { ApiError } from './api-error.ts'
import { nodeId } from './links.ts'
import { userResponse } from './responses/user.ts'
import { findRepository, newId, user } from './state.ts'

/** GitHub refuses an App's own token that is meant to live longer. Seconds. */
const MAX_JWT_S = 600

const TOKEN_LIFETIME_MS = 3_600_000

export interface AppMade {
  id: string
  slug: string
  /** PEM, PKCS #1, as GitHub hands it out. */
  privateKey: string
}

/** An App that somebody registered; nobody has installed it yet. */
export function createApp(state: State, slug: string): AppMade {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const app: App = { id: newId(state), slug, publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(), installations: [] }
  state.apps.push(app)
  return { id: String(app.id), slug, privateKey: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString() }
}

/** The App behind a JWT whose signature, age and issuer are right. GitHub looks for the issuer first. */
export async function appOf(state: State, authorization: string | undefined, now: Date): Promise<App> {
  const jwt = (authorization ?? '').replace(/^bearer /i, '')
  const issuer = issuerOf(jwt)
  const app = state.apps.find(({ id }) => String(id) === issuer)
  if (!app)
    throw new ApiError(404, 'Integration not found')
  const verified = await jwtVerify(jwt, createPublicKey(app.publicKey), {
    algorithms: ['RS256'],
    currentDate: now,
    requiredClaims: ['exp', 'iat'],
    maxTokenAge: MAX_JWT_S,
    clockTolerance: 60,
  }).catch(() => null)
  const { exp = Number.POSITIVE_INFINITY, iat = 0 } = verified?.payload ?? {}
  if (!verified || exp - iat > MAX_JWT_S + 60)
    throw undecodable()
  return app
}

function issuerOf(jwt: string): string | undefined {
  try {
    return decodeJwt(jwt).iss
  }
  catch (error) {
    if (error instanceof errors.JWTInvalid)
      throw undecodable()
    throw error
  }
}

function undecodable(): ApiError {
  return new ApiError(401, 'A JSON web token could not be decoded')
}

export function installationFor(app: App, repository: Repository): Installation {
  const found = app.installations.find(({ owner, repositories }) => owner === repository.owner && repositories.includes(repository.fullName))
  if (!found)
    throw new ApiError(404, 'Not Found')
  return found
}

/** A token for some of an installation's repositories, with some of its permissions. */
export function mintInstallationToken(
  state: State,
  {
    app,
    installation,
    wanted,
    now,
  }: { app: App, installation: Installation, wanted: { repositories?: string[] | undefined, permissions?: Record<string, string> | undefined }, now: Date },
): { token: string, account: Account & { until: Date }, repositories: Repository[] } {
  if (installation.suspendedAt)
    throw new ApiError(403, 'This installation has been suspended')
  const names = wanted.repositories?.map(name => `${installation.owner.login}/${name}`) ?? installation.repositories
  if (!names.every(name => installation.repositories.includes(name)))
    throw new ApiError(422, 'There is at least one repository that does not exist or is not accessible to the parent installation.')
  const permissions: Record<string, string> = { ...(wanted.permissions ?? installation.permissions), metadata: 'read' }
  if (!Object.entries(permissions).every(([name, level]) => name === 'metadata' || allows(installation.permissions[name], level)))
    throw new ApiError(422, 'The permissions requested are not granted to this installation.')
  const token = `ghs_${randomBytes(18).toString('hex')}`
  const level = allows(permissions.contents, 'write') ? 'write' : 'read'
  const account = {
    user: user(state, `${app.slug}[bot]`),
    levels: new Map(names.map(name => [name, level] as const)),
    permissions,
    installation: installation.id,
    until: new Date(now.getTime() + TOKEN_LIFETIME_MS),
  }
  state.accounts.set(token, account)
  return { token, account, repositories: names.map(name => must(findRepository(state, name), name)) }
}

export function allows(granted: string | undefined, wanted: string): boolean {
  return granted === 'write' || (granted !== undefined && granted === wanted)
}

/** Refuses what the permissions of an App's token do not cover; a person's token has none of these. */
export function mustPermit({ permissions }: Account, path: string, method: string, c: Context): void {
  const needed = PERMISSION_OF.find(([pattern]) => pattern.test(path))?.[1] ?? []
  const level = method === 'get' ? 'read' : 'write'
  if (!permissions || needed.some(name => allows(permissions[name], level)))
    return
  c.header('x-accepted-github-permissions', needed.map(name => `${name}=${level}`).join(','))
  throw new ApiError(403, 'Resource not accessible by integration')
}

/** By GitHub's page "Permissions required for GitHub Apps". */
const PERMISSION_OF: readonly [pattern: RegExp, permissions: readonly string[]][] = [
  [/\/check-runs/, ['checks']],
  [/\/actions\//, ['actions']],
  [/\/status(?:es)?$/, ['statuses']],
  [/\/issues\/|\/issues$/, ['issues', 'pull_requests']],
  [/\/pulls/, ['pull_requests']],
  [/\/branches\/|\/git\/|\/commits\//, ['contents']],
  [/./, ['metadata']],
]

export function appResponse(links: Links, app: App, owner: Repository['owner'], at: Date) {
  const page = `${links.server}/apps/${app.slug}`
  return {
    id: app.id,
    slug: app.slug,
    node_id: nodeId('A', app.id),
    name: app.slug,
    owner: userResponse(links, owner),
    description: null,
    external_url: page,
    html_url: page,
    created_at: at.toISOString(),
    updated_at: at.toISOString(),
    permissions: { metadata: 'read' },
    events: [],
  }
}

export function installationResponse(links: Links, app: App, { id, owner, permissions, suspendedAt, createdAt }: Installation) {
  const api = `${links.api}/app/installations/${id}`
  return {
    id,
    app_id: app.id,
    app_slug: app.slug,
    target_id: owner.id,
    target_type: 'User',
    single_file_name: null,
    repository_selection: 'selected',
    access_tokens_url: `${api}/access_tokens`,
    repositories_url: `${links.api}/installation/repositories`,
    html_url: `${links.server}/settings/installations/${id}`,
    account: userResponse(links, owner),
    events: [],
    permissions,
    created_at: createdAt.toISOString(),
    updated_at: createdAt.toISOString(),
    suspended_by: suspendedAt ? userResponse(links, owner) : null,
    suspended_at: suspendedAt?.toISOString() ?? null,
  }
}
