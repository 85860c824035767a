import type { Octokit } from '@octokit/rest'
import type { AppCredential } from '../config/config.ts'
import type { TokenUse } from './app-tokens.ts'
import { RequestError } from '@octokit/request-error'
import * as z from 'zod'
import { createAppTokens } from './app-tokens.ts'
import { createClient } from './client.ts'
import { missingToken } from './errors.ts'
import { GitHubError } from './github.ts'

export interface ClientsOptions {
  token?: string | null | undefined
  /** Preferred over `token`. */
  app?: AppCredential | null | undefined
  apiUrl: string
  userAgent: string
  secondMs: number
}

/** Clients with the credential of an App, or with one token for all repositories. */
export interface Clients {
  /** The client for a repository. Rejects with a `GitHubError`. */
  of: (repository: string) => Octokit
  /** A token for git; null without a credential. */
  gitToken: (repository: string, use: Exclude<TokenUse, 'api'>) => Promise<string | null>
  /** The owner of the credential, as a sentence. */
  whoAmI: () => Promise<string>
}

export function createClients({ token = null, app = null, ...options }: ClientsOptions): Clients {
  return app ? appClients(app, options) : tokenClients(token, options)
}

type Options = Omit<ClientsOptions, 'token' | 'app'>

function tokenClients(token: string | null, options: Options): Clients {
  const client = token === null ? null : createClient({ ...options, authorize: () => Promise.resolve(token) })
  const of = () => {
    if (!client)
      throw missingToken()
    return client
  }
  return {
    of,
    gitToken: () => Promise.resolve(token),
    whoAmI: async () => tokenIdentity(of()),
  }
}

/** One client per repository, because a cached response must not reach the token of another repository. */
function appClients(app: AppCredential, options: Options): Clients {
  const tokens = createAppTokens(app, createClient({ ...options, authorize: null }))
  const clients = new Map<string, Octokit>()
  return {
    of: (repository) => {
      const known = clients.get(repository)
      if (known)
        return known
      const client = createClient({ ...options, authorize: () => tokens.token(repository, 'api') })
      renewOnce(client, () => tokens.token(repository, 'api', { fresh: true }))
      clients.set(repository, client)
      return client
    },
    whoAmI: tokens.identity,
    // An attempt may take nearly as long as a token lives.
    gitToken: (repository, use) => tokens.token(repository, use, { fresh: true }),
  }
}

/** Retries a 401 with a new token: a token dies with its installation, and a new installation has other tokens. */
function renewOnce(client: Octokit, renew: () => Promise<unknown>): void {
  client.hook.wrap('request', async (request, options) => {
    try {
      return await request(options)
    }
    catch (error) {
      if (!(error instanceof RequestError) || error.status !== 401)
        throw error
      await renew()
      return request(options)
    }
  })
}

const viewerResponse = z.object({ data: z.object({ viewer: z.object({ login: z.string() }) }) })

/** The owner of a token, as a sentence. Only responses to a classic token list its scopes. */
async function tokenIdentity(client: Octokit): Promise<string> {
  const { data, headers } = await client.request('POST /graphql', { query: '{ viewer { login } }' })
  const { login } = viewerResponse.parse(data).data.viewer
  const header = headers['x-oauth-scopes']
  if (typeof header !== 'string')
    return `the token is ${login}'s`
  const scopes = header.split(',').map(scope => scope.trim()).filter(Boolean)
  if (!scopes.includes('repo')) {
    const present = scopes.length > 0 ? ` (it has ${scopes.join(', ')})` : ''
    throw new GitHubError(
      'no-access',
      `The GitHub token of ${login} lacks the scope "repo"${present}. `
      + 'Make one with "repo" and "workflow", or better a fine-grained one, and set GITHUB_TOKEN.',
    )
  }
  const limit = scopes.includes('workflow') ? '' : '; without "workflow" it cannot push changes to workflow files'
  return `the token is ${login}'s, with the scopes ${scopes.join(', ')}${limit}`
}
