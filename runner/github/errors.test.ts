import type { GitHubErrorKind } from './github.ts'
import type { Reply } from './testing/fake-server.ts'
import { RequestError } from '@octokit/request-error'
import { expect, test } from 'vitest'
import { explain } from './errors.ts'
import { GitHubError } from './github.ts'
import { createGitHub } from './octokit.ts'
import { fakeServer } from './testing/fake-server.ts'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const inSeconds = (n: number) => String(NOW / 1000 + n)

async function failure(reply: (n: number) => Reply, token: string | null = 'secret-token'): Promise<{ error: GitHubError, calls: string[] }> {
  await using server = await fakeServer((_, calls) => reply(calls.length))
  const github = createGitHub({ token, apiUrl: server.url, now: () => NOW, secondMs: 1 })
  const error: unknown = await github.pullState('o/r', 7).catch((reason: unknown) => reason)
  if (!(error instanceof GitHubError))
    throw new Error('not a GitHubError', { cause: error })
  return { error, calls: server.calls }
}

const cases: [title: string, reply: Reply, kind: GitHubErrorKind, says: RegExp, tries: number][] = [
  ['a wrong token is a credential error', { status: 401, body: { message: 'Bad credentials' } }, 'credential', /Set GITHUB_TOKEN to a new one/, 1],
  [
    'a missing pull request is not found',
    { status: 404, body: { message: 'Not Found' } },
    'not-found',
    /does not find pull request #7 of o\/r, or the token may not see it/,
    1,
  ],
  ['a repository that is gone is not found', { status: 410, body: { message: 'Gone' } }, 'not-found', /o\/r/, 1],
  [
    'a token without the permission has no access',
    {
      status: 403,
      headers: { 'x-accepted-github-permissions': 'pull_requests=read' },
      body: { message: 'Resource not accessible by personal access token' },
    },
    'no-access',
    /not accessible by personal access token\)\. It needs the permission pull_requests=read\./,
    1,
  ],
  [
    'an organisation with single sign-on gives no access',
    {
      status: 403,
      headers: { 'x-github-sso': 'required; url=https://github.com/orgs/o/sso?authorization_request=A' },
      body: { message: 'Resource protected by organization SAML enforcement.' },
    },
    'no-access',
    /allow the token at https:\/\/github\.com\/orgs\/o\/sso/,
    1,
  ],
  ['a repository blocked by law is refused', { status: 451, body: { message: 'Repository access blocked' } }, 'refused', /Repository access blocked/, 1],
  [
    'a refusal is quoted with its reasons',
    {
      status: 422,
      body: {
        message: 'Validation Failed',
        errors: [{ message: 'too odd' }, { field: 'base', code: 'invalid' }, 'and so on'],
        documentation_url: 'https://docs.github.com/x',
      },
    },
    'refused',
    /would not read the pull request: too odd; base is invalid; and so on$/,
    1,
  ],
  ['a refusal without reasons is quoted', { status: 400, body: { message: 'Odd', documentation_url: 'https://docs.github.com/x' } }, 'refused', /: Odd$/, 1],
  ['a failing server is unreachable', { status: 502, body: '<html>' }, 'unreachable', /answered 502/, 3],
  ['a cut connection is unreachable', { hangUp: true }, 'unreachable', /cannot be reached/, 3],
  ['a response that is not GitHub\'s is unreachable', { body: '<html>captive portal</html>' }, 'unreachable', /could not be read/, 1],
]

test.each(cases)('%s', async (_, reply, kind, says, tries) => {
  const { error, calls } = await failure(() => reply)
  expect(error).toMatchObject({ kind, retryAt: null })
  expect(error.message).toMatch(says)
  expect(calls).toHaveLength(tries)
})

test.each([
  [
    'a rate limit says when it resets',
    { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inSeconds(1800) }, body: { message: 'API rate limit exceeded' } },
    1800,
  ],
  [
    'a rate limit with status 429 says when it resets',
    { status: 429, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inSeconds(1800) }, body: { message: 'API rate limit exceeded' } },
    1800,
  ],
  [
    'a secondary limit says how long to wait',
    { status: 403, headers: { 'retry-after': '600' }, body: { message: 'You have exceeded a secondary rate limit' } },
    600,
  ],
  ['a secondary limit that names no time lasts a minute', { status: 403, body: { message: 'You have exceeded a secondary rate limit' } }, 60],
])('%s', async (_, reply, seconds) => {
  // The reset is in the past of the machine's clock, so that the wait before the one retry is short.
  const { error } = await failure(() => reply)
  expect(error).toMatchObject({ kind: 'rate-limited', retryAt: NOW + seconds * 1000 })
  expect(error.message).toContain(new Date(NOW + seconds * 1000).toISOString())
})

test('a long secondary limit is not waited for', async () => {
  const { calls } = await failure(() => ({ status: 403, headers: { 'retry-after': '600' }, body: { message: 'You have exceeded a secondary rate limit' } }))
  expect(calls).toHaveLength(1)
})

test('a short secondary limit is waited for, once', async () => {
  const { error, calls } = await failure(() => ({
    status: 403,
    headers: { 'retry-after': '5' },
    body: { message: 'You have exceeded a secondary rate limit' },
  }))
  expect(error.kind).toBe('rate-limited')
  expect(calls).toHaveLength(2)
})

test('a missing server is unreachable', async () => {
  const server = await fakeServer(() => ({}))
  await server[Symbol.asyncDispose]()
  const github = createGitHub({ token: 'secret-token', apiUrl: server.url, secondMs: 1 })
  await expect(github.pullState('o/r', 7)).rejects.toMatchObject({ kind: 'unreachable', message: expect.stringContaining('ECONNREFUSED') })
})

test('no request is made without a token, and the error says what to set', async () => {
  const { error, calls } = await failure(() => ({}), null)
  expect(error.kind).toBe('credential')
  expect(error.message).toContain('Set GITHUB_TOKEN')
  expect(calls).toEqual([])
})

test('no error contains the token', async () => {
  const { error } = await failure(() => ({ status: 401, body: { message: 'Bad credentials' } }))
  expect(JSON.stringify([error.message, error.cause])).not.toContain('secret-token')
})

test.each([
  [401, 'credential', /token it has just given the App/],
  [403, 'no-access', /The GitHub App may not read the checks in o\/r/],
  [404, 'not-found', /or the App may not see it/],
])('an App\'s error does not ask for a token: %i', (status, kind, says) => {
  const request = { method: 'GET', url: 'https://api.github.com/repos/o/r', headers: {} } as const
  const response = { status, url: request.url, headers: {}, data: {}, retryCount: 0 }
  const error = explain(
    new RequestError('Refused', status, { request, response }),
    { repository: 'o/r', action: 'read the checks', target: 'a commit', credential: 'App' },
    NOW,
  )
  expect(error).toMatchObject({ kind, message: expect.stringMatching(says) })
  expect(error).toMatchObject({ message: expect.not.stringContaining('GITHUB_TOKEN') })
})
