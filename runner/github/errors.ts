import type { GitHubErrorKind } from './github.ts'
import { GraphqlResponseError } from '@octokit/graphql'
import { RequestError } from '@octokit/request-error'
import * as z from 'zod'
import { GitHubError } from './github.ts'

/** The failed operation, as parts of error sentences. */
export interface Operation {
  repository: string
  /** The end of "GitHub would not …". */
  action: string
  /** The end of "GitHub does not find …". */
  target: string
  credential: 'token' | 'App'
}

/** Turns errors of GitHub and the network into sentences for the person. Other errors are bugs and stay as they are. */
export function explain(error: unknown, operation: Operation, now: number): unknown {
  if (error instanceof RequestError)
    return error.response ? fromResponse(error, operation, now) : unreachable(error)
  if (error instanceof GraphqlResponseError)
    return graphql(error, operation)
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
    'There is no GitHub token. Set GITHUB_TOKEN to a token that may write contents and pull requests, '
    + 'and start the runner again.',
  )
}

/** The throttling plugin reports a GraphQL rate limit as a plain error with the response. */
const throttled = z.object({
  message: z.literal('GraphQL Rate Limit Exceeded'),
  response: z.object({ headers: z.record(z.string(), z.unknown()) }),
})

type Headers = Record<string, unknown>

function fromResponse(error: RequestError, operation: Operation, now: number): GitHubError {
  const { action, target, credential } = operation
  const headers: Headers = error.response?.headers ?? {}
  const { status } = error
  const say = (kind: GitHubErrorKind, message: string) => new GitHubError(kind, message, { cause: error })

  if (status >= 500)
    return say('unreachable', `GitHub answered ${status} while trying to ${action}. It is asked again.`)
  if (status === 401)
    return say('credential', NOT_ACCEPTED[credential])
  if (status === 429 || (status === 403 && isLimit(error, headers)))
    return rateLimited(headers, now, error)
  if (status === 403)
    return say('no-access', forbidden(headers, operation, error))
  if (status === 404 || status === 410) {
    return say(
      'not-found',
      `GitHub does not find ${target}, or the ${credential} may not see it. `
      + `Check the spelling, and that the ${credential} has access to it.`,
    )
  }
  return say('refused', `GitHub would not ${action}: ${words(error)}`)
}

const NOT_ACCEPTED = {
  token:
    'GitHub does not accept the token: it is wrong, revoked or expired. '
    + 'Set GITHUB_TOKEN to a new one and start the runner again.',
  App:
    'GitHub does not accept the token it has just given the App. '
    + 'See whether GITHUB_API_URL is right and https://www.githubstatus.com shows trouble. It is asked again.',
}

function isLimit(error: RequestError, headers: Headers): boolean {
  return (
    headers['x-ratelimit-remaining'] === '0'
    || headers['retry-after'] !== undefined
    || /rate limit|abuse detection/i.test(error.message)
  )
}

function forbidden(headers: Headers, { repository, action, credential }: Operation, error: RequestError): string {
  const sso = /url=(\S+)/.exec(String(headers['x-github-sso'] ?? ''))?.[1]
  if (sso)
    return `The organisation of ${repository} asks for single sign-on: allow the ${credential} at ${sso}`
  const needed = headers['x-accepted-github-permissions']
  const hint = typeof needed === 'string' && needed !== '' ? ` It needs the permission ${needed}.` : ''
  return `The GitHub ${credential} may not ${action} in ${repository} (${words(error)}).${hint}`
}

/** GitHub asks for at least a minute if a secondary limit names no time. ms */
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

function graphql(error: InstanceType<typeof GraphqlResponseError>, operation: Operation): GitHubError {
  const [first] = error.errors ?? []
  const message = first?.message ?? error.message
  switch (first?.type) {
    case 'NOT_FOUND':
      return new GitHubError('not-found', `GitHub does not find ${operation.target}: ${message}`, { cause: error })
    case 'FORBIDDEN':
    case 'INSUFFICIENT_SCOPES':
      return new GitHubError(
        'no-access',
        `The GitHub ${operation.credential} may not ${operation.action} in ${operation.repository}: ${message}`,
        { cause: error },
      )
    default:
      return new GitHubError('refused', `GitHub would not ${operation.action}: ${message}`, { cause: error })
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

/** GitHub's message, or the details of a 422, without the link to the documentation. At most 500 characters. */
export function words(error: RequestError): string {
  const details = refusal.safeParse(error.response?.data)
  const message = details.success
    ? details.data.errors.join('; ')
    : error.message.replace(/ - https:\/\/docs\.github\.com\S*$/, '')
  return message.slice(0, 500)
}
