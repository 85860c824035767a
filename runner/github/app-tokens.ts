import type { Octokit } from '@octokit/rest'
import type { AppCredential } from '../config/config.ts'
import { createAppAuth } from '@octokit/auth-app'
import { RequestError } from '@octokit/request-error'
import * as z from 'zod'
import { GitHubError } from './github.ts'
import { repoParams } from './repo-params.ts'

/** The use of a token, which limits its permissions. */
export type TokenUse = keyof typeof PERMISSIONS

/** The permissions that a token needs for each use. An installation that lacks one is refused with a sentence. */
export const PERMISSIONS = {
  /** Issues, pull requests and checks. It needs `contents: write` only to delete branches. */
  api: {
    actions: 'read',
    checks: 'read',
    contents: 'write',
    issues: 'write',
    pull_requests: 'write',
    statuses: 'read',
  },
  checkout: { contents: 'read' },
  publish: { contents: 'write' },
} as const

/** Used where the App has them. Without `workflows`, GitHub refuses pushes that change workflow files. */
const OPTIONAL_PERMISSIONS: Partial<Record<TokenUse, Record<string, 'write'>>> = { publish: { workflows: 'write' } }

export interface AppTokens {
  /**
   * A token for this repository alone. `fresh` asks for the installation again and gets a token with its whole
   * hour ahead. Rejects with a `GitHubError`, or with an error that `explain` turns into one.
   */
  token: (repository: string, use: TokenUse, options?: { fresh?: boolean }) => Promise<string>
  /** The App's name and its installations, as a sentence. */
  identity: () => Promise<string>
}

/** An App's tokens, which live an hour. Octokit's strategy caches and renews them. `client` has no credential. */
export function createAppTokens({ id, privateKey }: AppCredential, client: Octokit): AppTokens {
  const auth = createAppAuth({ appId: id, privateKey, request: client.request })
  const installations = new Map<string, Installation>()

  async function asApp(route: string, parameters: object = {}): Promise<unknown> {
    const { token } = await auth({ type: 'app' })
    return (await client.request(route, { ...parameters, headers: { authorization: `bearer ${token}` } })).data
  }

  async function installationOf(repository: string): Promise<Installation> {
    const known = installations.get(repository)
    if (known)
      return known
    const found = installation.parse(
      await asApp('GET /repos/{owner}/{repo}/installation', repoParams(repository)).catch(async (error: unknown) => {
        throw statusOf(error) === 404 ? await notInstalled(repository, error) : error
      }),
    )
    if (found.suspended_at) {
      throw new GitHubError(
        'no-access',
        `The GitHub App's installation for ${repository} is suspended. Unsuspend it at ${found.html_url}`,
      )
    }
    installations.set(repository, found)
    return found
  }

  async function notInstalled(repository: string, cause: unknown): Promise<GitHubError> {
    const { html_url } = app.parse(await asApp('GET /app'))
    return new GitHubError(
      'no-access',
      `The GitHub App is not installed for ${repository}. Install it at ${html_url}/installations/new, and try again.`,
      { cause },
    )
  }

  return {
    async identity() {
      try {
        const { html_url, name } = app.parse(await asApp('GET /app'))
        const accounts = installed
          .parse(await asApp('GET /app/installations', { per_page: 100 }))
          .map(({ account, suspended_at }) => `${account?.login ?? 'somebody'}${suspended_at ? ' (suspended)' : ''}`)
        if (accounts.length === 0) {
          throw new GitHubError(
            'no-access',
            `The GitHub App ${name} is installed nowhere. Install it at ${html_url}/installations/new`,
          )
        }
        return `the App ${name} is installed for ${accounts.join(', ')}`
      }
      catch (error) {
        throw explainKey(error)
      }
    },
    async token(repository, use, { fresh = false } = {}) {
      try {
        if (fresh)
          installations.delete(repository)
        const { id: installationId, permissions, html_url } = await installationOf(repository)
        const missing = Object.entries(PERMISSIONS[use])
          .filter(([name, level]) => !allows(permissions[name], level))
          .map(([name, level]) => `${name}: ${level}`)
        if (missing.length > 0) {
          throw new GitHubError(
            'no-access',
            `The GitHub App lacks permissions for ${repository}: ${missing.join(', ')}. `
            + `Add them in the App's settings, and accept them at ${html_url}`,
          )
        }
        const optional = Object.entries(OPTIONAL_PERMISSIONS[use] ?? {})
          .filter(([name, level]) => allows(permissions[name], level))
        const { token } = await auth({
          type: 'installation',
          installationId,
          repositoryNames: [repoParams(repository).repo],
          permissions: { ...PERMISSIONS[use], ...Object.fromEntries(optional) },
          refresh: fresh,
        })
        return token
      }
      catch (error) {
        // The installation may have changed, or be gone, so the next call asks again.
        installations.delete(repository)
        throw explainApp(error, repository)
      }
    },
  }
}

const installation = z.object({
  id: z.number(),
  html_url: z.string(),
  suspended_at: z.string().nullish(),
  permissions: z.record(z.string(), z.string()),
})
type Installation = z.infer<typeof installation>

const app = z.object({ html_url: z.string(), name: z.string() })

const installed = z.array(
  z.object({ account: z.object({ login: z.string() }).nullable(), suspended_at: z.string().nullish() }),
)

function allows(granted: string | undefined, wanted: 'read' | 'write'): boolean {
  return granted === 'write' || granted === 'admin' || granted === wanted
}

function explainKey(error: unknown): unknown {
  const isUnknown
    = statusOf(error) === 404 && error instanceof RequestError && /integration not found/i.test(error.message)
  if (isUnknown) {
    return new GitHubError(
      'credential',
      'GitHub knows no App with the id in GITHUB_APP_ID. '
      + 'Set it to the App ID that the App\'s settings show, and start the runner again.',
      { cause: error },
    )
  }
  if (statusOf(error) === 401) {
    return new GitHubError(
      'credential',
      'GitHub does not accept the App\'s key: GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY do not belong together, '
      + 'or the key was deleted. Make a new key in the App\'s settings and start the runner again.',
      { cause: error },
    )
  }
  return error
}

function explainApp(error: unknown, repository: string): unknown {
  const known = explainKey(error)
  if (known !== error)
    return known
  const status = statusOf(error)
  const settings = `the settings of ${repoParams(repository).owner}, under GitHub Apps`
  if (status === 403 && error instanceof RequestError && /suspended/i.test(error.message)) {
    return new GitHubError(
      'no-access',
      `The GitHub App's installation for ${repository} is suspended. Unsuspend it in ${settings}.`,
      { cause: error },
    )
  }
  if (status === 404 || status === 422) {
    return new GitHubError(
      'no-access',
      `The GitHub App may not work on ${repository}. Add the repository to its installation in ${settings}.`,
      { cause: error },
    )
  }
  return error
}

function statusOf(error: unknown): number | null {
  return error instanceof RequestError ? error.status : null
}
