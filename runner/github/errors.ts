import type { GitHubErrorKind } from './github.ts'
import { GraphqlResponseError } from '@octokit/graphql'
import { RequestError } from '@octokit/request-error'
import * as z from 'zod'
import { GitHubError } from './github.ts'

/** What was asked for, for the sentences. */
export interface Asked {
  repository: string
  /** The end of "GitHub would not …". */
  to: string
  /** The end of "GitHub does not find …". */
  what: string
  /** What opens GitHub. */
  by: 'token' | 'App'
}

/** The error as the person should read it. What is neither GitHub's nor the network's is a bug and stays what it is. */
export function explain(error: unknown, asked: Asked, now: number): unknown {
  if (error instanceof RequestError)
    return error.response ? answered(error, asked, now) : unreachable(error)
  if (error instanceof GraphqlResponseError)
    return graphql(error, asked)
  if (error instanceof z.ZodError) {
    return new GitHubError(
      'unreachable',
      'GitHub\'s answer could not be read. Is there a proxy in between, or is GITHUB_API_URL wrong?',
      { cause: error },
    )
  }
  const limited = throttled.safeParse(error)
  return limited.success ? rateLimited(limited.data.response.headers, now, error) : error
}

export function missingToken(): GitHubError {
  return new GitHubError(
    'credential',
    'There is no GitHub token. Set GITHUB_TOKEN to a token that may write contents and pull requests, and start the runner again.',
  )
}

/** How the throttling plugin reports a GraphQL rate limit: a plain error with the answer. */
const throttled = z.object({
  message: z.literal('GraphQL Rate Limit Exceeded'),
  response: z.object({ headers: z.record(z.string(), z.unknown()) }),
})

type Headers = Record<string, unknown>

function answered(error: RequestError, asked: Asked, now: number): GitHubError {
  const headers: Headers = error.response?.headers ?? {}
  const { status } = error
  const say = (kind: GitHubErrorKind, message: string) => new GitHubError(kind, message, { cause: error })

  if (status >= 500)
    return say('unreachable', `GitHub answered ${status} while trying to ${asked.to}. It is asked again.`)
  if (status === 401)
    return say('credential', NOT_ACCEPTED[asked.by])
  if (status === 429 || (status === 403 && isLimit(error, headers)))
    return rateLimited(headers, now, error)
  if (status === 403)
    return say('no-access', forbidden(headers, asked, error))
  if (status === 404 || status === 410) {
    return say(
      'not-found',
      `GitHub does not find ${asked.what}, or the ${asked.by} may not see it. Check the spelling, and that the ${asked.by} has access to it.`,
    )
  }
  return say('refused', `GitHub would not ${asked.to}: ${words(error)}`)
}

const NOT_ACCEPTED = {
  token:
    'GitHub does not accept the token: it is wrong, revoked or expired. Set GITHUB_TOKEN to a new one and start the runner again.',
  App: 'GitHub does not accept the token it has just given the App. See whether GITHUB_API_URL is right and https://www.githubstatus.com shows trouble. It is asked again.',
}

function isLimit(error: RequestError, headers: Headers): boolean {
  return (
    headers['x-ratelimit-remaining'] === '0'
    || headers['retry-after'] !== undefined
    || /rate limit|abuse detection/i.test(error.message)
  )
}

function forbidden(headers: Headers, asked: Asked, error: RequestError): string {
  const sso = /url=(\S+)/.exec(String(headers['x-github-sso'] ?? ''))?.[1]
  if (sso)
    return `The organisation of ${asked.repository} asks for single sign-on: allow the ${asked.by} at ${sso}`
  const needed = headers['x-accepted-github-permissions']
  const hint = typeof needed === 'string' && needed !== '' ? ` It needs the permission ${needed}.` : ''
  return `The GitHub ${asked.by} may not ${asked.to} in ${asked.repository} (${words(error)}).${hint}`
}

/** GitHub asks for at least a minute when a secondary limit names no time. ms */
const UNNAMED_LIMIT_MS = 60_000

function rateLimited(headers: Headers, now: number, cause: unknown): GitHubError {
  const after = Number(headers['retry-after'])
  const reset = headers['x-ratelimit-remaining'] === '0' ? Number(headers['x-ratelimit-reset']) : Number.NaN
  const retryAt = after > 0 ? now + after * 1000 : reset > 0 ? reset * 1000 : now + UNNAMED_LIMIT_MS
  return new GitHubError(
    'rate-limited',
    `GitHub's rate limit is reached; it is asked again at ${new Date(retryAt).toISOString()}.`,
    { retryAt, cause },
  )
}

function graphql(error: InstanceType<typeof GraphqlResponseError>, asked: Asked): GitHubError {
  const [first] = error.errors ?? []
  const message = first?.message ?? error.message
  switch (first?.type) {
    case 'NOT_FOUND':
      return new GitHubError('not-found', `GitHub does not find ${asked.what}: ${message}`, { cause: error })
    case 'FORBIDDEN':
    case 'INSUFFICIENT_SCOPES':
      return new GitHubError(
        'no-access',
        `The GitHub ${asked.by} may not ${asked.to} in ${asked.repository}: ${message}`,
        { cause: error },
      )
    default:
      return new GitHubError('refused', `GitHub would not ${asked.to}: ${message}`, { cause: error })
  }
}

function unreachable(error: RequestError): GitHubError {
  const why = error.message.replace(/\.$/, '')
  return new GitHubError('unreachable', `GitHub cannot be reached: ${why}. It is asked again.`, { cause: error })
}

const refusal = z.object({
  errors: z.array(z.union([
    z.string(),
    z.object({ message: z.string() }).transform(({ message }) => message),
    z.object({ field: z.string(), code: z.string() }).transform(({ field, code }) => `${field} is ${code}`),
  ])).min(1),
})

/** GitHub's own words: the details of a 422 when there are any, without the address of its documentation. */
export function words(error: RequestError): string {
  const details = refusal.safeParse(error.response?.data)
  const said = details.success
    ? details.data.errors.join('; ')
    : error.message.replace(/ - https:\/\/docs\.github\.com\S*$/, '')
  return said.slice(0, 500)
}
