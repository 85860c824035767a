import type { Context } from 'hono'
import type { Links } from './links.ts'
import type { Account, App, Installation, Repository, State } from './state.ts'
import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { decodeJwt, errors, jwtVerify } from 'jose'
import { must } from '#shared/lib/must.ts'
import { ApiError, notFound } from './api-error.ts'
import { nodeId } from './links.ts'
import { userResponse } from './responses/user.ts'
import { findRepository, newId, user } from './state.ts'

/** GitHub refuses an App's own JWT with a longer lifetime. */
const MAX_JWT_S = 600

const TOKEN_LIFETIME_MS = 3_600_000

export interface CreatedApp {
  id: string
  slug: string
  /** PEM, PKCS #1, the format that GitHub offers for download. */
  privateKey: string
}

/** Registers an App, which is not installed anywhere yet. */
export function createApp(state: State, slug: string): CreatedApp {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const app: App = { id: newId(state), slug, publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(), installations: [] }
  state.apps.push(app)
  return { id: String(app.id), slug, privateKey: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString() }
}

/** Verifies signature, age and issuer of an App's JWT. As on GitHub, an unknown issuer is a 404 before anything is verified. */
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
    throw notFound()
  return found
}

interface TokenRequest {
  app: App
  installation: Installation
  /** Without these, the token gets all that the installation has. */
  requested: { repositories?: string[] | undefined, permissions?: Record<string, string> | undefined }
  now: Date
}

interface InstallationToken {
  token: string
  account: Account & { expiresAt: Date }
  repositories: Repository[]
}

/** Makes a token for some of an installation's repositories, with some of its permissions. */
export function mintInstallationToken(state: State, { app, installation, requested, now }: TokenRequest): InstallationToken {
  if (installation.suspendedAt)
    throw new ApiError(403, 'This installation has been suspended')
  const names = requested.repositories?.map(name => `${installation.owner.login}/${name}`) ?? installation.repositories
  if (!names.every(name => installation.repositories.includes(name)))
    throw new ApiError(422, 'There is at least one repository that does not exist or is not accessible to the parent installation.')
  const permissions: Record<string, string> = { ...(requested.permissions ?? installation.permissions), metadata: 'read' }
  if (!Object.entries(permissions).every(([name, level]) => name === 'metadata' || allows(installation.permissions[name], level)))
    throw new ApiError(422, 'The permissions requested are not granted to this installation.')
  const token = `ghs_${randomBytes(18).toString('hex')}`
  const level = allows(permissions.contents, 'write') ? 'write' : 'read'
  const account = {
    user: user(state, `${app.slug}[bot]`),
    levels: new Map(names.map(name => [name, level] as const)),
    permissions,
    installation: installation.id,
    expiresAt: new Date(now.getTime() + TOKEN_LIFETIME_MS),
  }
  state.accounts.set(token, account)
  return { token, account, repositories: names.map(name => must(findRepository(state, name), name)) }
}

function allows(granted: string | undefined, needed: string): boolean {
  return granted === 'write' || (granted !== undefined && granted === needed)
}

/** Throws 403 unless an App's token has the permission for the route; a person's token has no such permissions and passes. */
export function requirePermission({ permissions }: Account, path: string, method: string, c: Context): void {
  const needed = PERMISSION_OF.find(([pattern]) => pattern.test(path))?.[1] ?? []
  const level = method === 'get' ? 'read' : 'write'
  if (!permissions || needed.some(name => allows(permissions[name], level)))
    return
  c.header('x-accepted-github-permissions', needed.map(name => `${name}=${level}`).join(','))
  throw new ApiError(403, 'Resource not accessible by integration')
}

/** The first match decides. From GitHub's page "Permissions required for GitHub Apps". */
const PERMISSION_OF: readonly [pattern: RegExp, permissions: readonly string[]][] = [
  [/\/check-runs/, ['checks']],
  [/\/actions\//, ['actions']],
  [/\/status(?:es)?$/, ['statuses']],
  [/\/issues\/|\/issues$/, ['issues', 'pull_requests']],
  [/\/pulls/, ['pull_requests']],
  [/\/branches\/|\/git\/|\/commits\/|\/contents\//, ['contents']],
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
