import type { GitHub } from './github.ts'
import type { RecordedRequest, Reply } from './testing/fake-server.ts'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { createGitHub } from './octokit.ts'
import { fakeServer } from './testing/fake-server.ts'

const SHA = 'a'.repeat(40)
const NO_SUCH: Reply = { status: 404, body: { message: 'Not Found' } }
const ENSURE = { repository: 'o/r', branch: 'mainloop/x', base: 'main', title: 'Add it', body: 'What was done' }

type Table = Record<string, Reply | ((request: RecordedRequest, times: number) => Reply)>

/** The adapter with a GitHub that answers by `METHOD /path`. */
async function startGitHub(table: Table) {
  const server = await fakeServer((request, calls) => {
    const call = `${request.method} ${request.path.replace(/\?.*$/, '')}`
    const reply = table[call] ?? NO_SUCH
    const times = calls.filter(other => other.replace(/\?.*$/, '') === call).length
    return typeof reply === 'function' ? reply(request, times) : reply
  })
  const lines: string[] = []
  const github: GitHub = createGitHub({ token: 'secret-token', apiUrl: server.url, secondMs: 1, log: line => lines.push(line) })
  return { github, server, lines, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

function pull(overrides: object = {}) {
  return {
    number: 7,
    html_url: 'https://github.com/o/r/pull/7',
    node_id: 'PR_7',
    draft: true,
    body: 'What was done',
    state: 'open',
    created_at: '2026-03-01T12:00:00Z',
    head: { ref: 'mainloop/x', sha: SHA },
    base: { ref: 'main' },
    merged: false,
    mergeable: true,
    mergeable_state: 'clean',
    ...overrides,
  }
}

function refused(message: string): Reply {
  return {
    status: 422,
    body: { message: 'Validation Failed', errors: [{ resource: 'PullRequest', code: 'custom', message }] },
  }
}
const repository = (overrides: object = {}): Reply => ({ body: { default_branch: 'main', permissions: { push: true }, ...overrides } })

test('a repository with write access returns its default branch', async () => {
  await using harness = await startGitHub({
    'GET /repos/o/r': repository({ default_branch: 'feature/main' }),
    'GET /repos/o/r/branches/feature%2Fmain': { body: {} },
  })
  expect(await harness.github.inspect('o/r')).toEqual({ defaultBranch: 'feature/main' })
})

test.each([
  ['read-only', repository({ permissions: { push: false } }), {}, 'no-access', 'not push'],
  ['archived', repository({ archived: true }), {}, 'no-access', 'archived'],
  ['without a branch', repository(), NO_SUCH, 'empty', 'no commit yet'],
  ['without a commit', repository(), { status: 409, body: { message: 'Git Repository is empty.' } }, 'empty', 'no commit yet'],
  ['missing', NO_SUCH, {}, 'not-found', 'o/r'],
])('a repository is rejected: %s', async (_, repo, branch, kind, says) => {
  await using harness = await startGitHub({ 'GET /repos/o/r': repo, 'GET /repos/o/r/branches/main': branch })
  await expect(harness.github.inspect('o/r')).rejects.toMatchObject({ kind, message: expect.stringContaining(says) })
})

test('every request has the token, the API version and the user agent', async () => {
  await using harness = await startGitHub({ 'GET /repos/o/r/pulls/7': { body: pull() } })
  await harness.github.pullState('o/r', 7)
  expect(harness.server.requests[0]?.headers).toMatchObject({
    'authorization': 'token secret-token',
    'x-github-api-version': '2022-11-28',
    'user-agent': expect.stringMatching(/^mainloop /),
  })
})

test('a pull request is opened as a draft', async () => {
  await using harness = await startGitHub({ 'GET /repos/o/r/pulls': { body: [] }, 'POST /repos/o/r/pulls': { status: 201, body: pull() } })
  expect(await harness.github.ensurePull(ENSURE)).toEqual({ number: 7, url: 'https://github.com/o/r/pull/7', draft: true })
  expect(harness.server.calls[0]).toBe('GET /repos/o/r/pulls?head=o%3Amainloop%2Fx&state=open&sort=created&direction=desc&per_page=100')
  expect(JSON.parse(harness.server.requests[1]?.body ?? '')).toEqual({ title: 'Add it', body: 'What was done', head: 'mainloop/x', base: 'main', draft: true })
})

test('a pull request without a base is opened for the default branch', async () => {
  await using harness = await startGitHub({
    'GET /repos/o/r': repository({ default_branch: 'trunk' }),
    'GET /repos/o/r/pulls': { body: [] },
    'POST /repos/o/r/pulls': { status: 201, body: pull() },
  })
  await harness.github.ensurePull({ ...ENSURE, base: null })
  expect(JSON.parse(harness.server.requests.at(-1)?.body ?? '')).toMatchObject({ base: 'trunk' })
})

test.each([
  ['an equal body is left alone', 'What was done', []],
  ['a body with other line ends is equal', 'What was done\r\n', []],
  ['a different body is updated', 'Something else', ['PATCH /repos/o/r/pulls/7']],
  ['a missing body is written', null, ['PATCH /repos/o/r/pulls/7']],
])('an open pull request is reused: %s', async (_, body, writes) => {
  await using harness = await startGitHub({ 'GET /repos/o/r/pulls': { body: [pull({ body, draft: false })] }, 'PATCH /repos/o/r/pulls/7': { body: pull() } })
  expect(await harness.github.ensurePull(ENSURE)).toMatchObject({ number: 7, draft: false })
  expect(harness.server.calls.filter(call => !call.startsWith('GET'))).toEqual(writes)
})

test('the pull request of another branch is not reused', async () => {
  await using harness = await startGitHub({
    'GET /repos/o/r/pulls': { body: [pull({ number: 3, head: { ref: 'other', sha: SHA } })] },
    'POST /repos/o/r/pulls': { status: 201, body: pull() },
  })
  expect(await harness.github.ensurePull(ENSURE)).toMatchObject({ number: 7 })
})

test('a pull request whose response was lost is found', async () => {
  await using harness = await startGitHub({
    'GET /repos/o/r/pulls': (_, times) => ({ body: times === 1 ? [] : [pull()] }),
    'POST /repos/o/r/pulls': (_, times) => times === 1 ? { hangUp: true } : refused('A pull request already exists for o:mainloop/x.'),
  })
  expect(await harness.github.ensurePull(ENSURE)).toMatchObject({ number: 7 })
})

test('a pull request is opened as ready where drafts do not exist, with a log line', async () => {
  await using harness = await startGitHub({
    'GET /repos/o/r/pulls': { body: [] },
    'POST /repos/o/r/pulls': ({ body }) =>
      body.includes('"draft":true') ? refused('Draft pull requests are not supported in this repository.') : { status: 201, body: pull({ draft: false }) },
  })
  expect(await harness.github.ensurePull(ENSURE)).toMatchObject({ draft: false })
  expect(harness.lines).toEqual(['The plan of o/r has no draft pull requests: the one for mainloop/x is opened as ready for review.'])
})

test('a branch without a commit of its own gets no pull request', async () => {
  await using harness = await startGitHub({ 'GET /repos/o/r/pulls': { body: [] }, 'POST /repos/o/r/pulls': refused('No commits between main and mainloop/x') })
  await expect(harness.github.ensurePull(ENSURE)).rejects.toMatchObject({
    kind: 'refused',
    message: expect.stringContaining('mainloop/x has no commit that main does not have'),
  })
})

const BRANCH: Table = { 'GET /repos/o/r/git/ref/heads%2Fmainloop%2Fx': { body: {} } }
test.each<[string, object, Table, string, boolean]>([
  ['open', {}, {}, 'open', false],
  ['merged', { state: 'closed', merged: true, mergeable: null }, {}, 'merged', false],
  ['closed without merging', { state: 'closed' }, BRANCH, 'closed', false],
  ['closed because its branch is gone', { state: 'closed' }, {}, 'closed', true],
])('a pull request is %s', async (_, overrides, more, state, branchGone) => {
  await using harness = await startGitHub({ 'GET /repos/o/r/pulls/7': { body: pull(overrides) }, ...more })
  expect(await harness.github.pullState('o/r', 7)).toEqual({ state, pull: { number: 7, url: 'https://github.com/o/r/pull/7', draft: true }, head: SHA, branchGone })
})

test('a draft is marked ready by GraphQL', async () => {
  await using harness = await startGitHub({
    'GET /repos/o/r/pulls/7': { body: pull() },
    'POST /graphql': { body: { data: { markPullRequestReadyForReview: { pullRequest: { isDraft: false } } } } },
  })
  await harness.github.markReady('o/r', 7)
  expect(JSON.parse(harness.server.requests[1]?.body ?? '')).toMatchObject({
    query: expect.stringContaining('markPullRequestReadyForReview'),
    variables: { id: 'PR_7' },
  })
})

test('a ready pull request is left alone', async () => {
  await using harness = await startGitHub({ 'GET /repos/o/r/pulls/7': { body: pull({ draft: false }) } })
  await harness.github.markReady('o/r', 7)
  expect(harness.server.calls).toHaveLength(1)
})

test.each([
  ['FORBIDDEN', 'no-access'],
  ['NOT_FOUND', 'not-found'],
  ['UNPROCESSABLE', 'refused'],
])('a GraphQL error %s is %s', async (type, kind) => {
  await using harness = await startGitHub({
    'GET /repos/o/r/pulls/7': { body: pull() },
    'POST /graphql': { body: { data: null, errors: [{ type, message: 'No way' }] } },
  })
  await expect(harness.github.markReady('o/r', 7)).rejects.toMatchObject({ kind, message: expect.stringContaining('No way') })
})

test.each([
  [
    'a person has their no-reply address',
    { login: 'ada', databaseId: 7, name: 'Ada Lovelace' },
    { name: 'Ada Lovelace', email: '7+ada@users.noreply.127.0.0.1' },
  ],
  ['a person without a name has their login', { login: 'ada', databaseId: 7, name: null }, { name: 'ada', email: '7+ada@users.noreply.127.0.0.1' }],
  [
    'a name with a line break is replaced by the login',
    { login: 'ada', databaseId: 7, name: 'A\nSigned-off-by: E <e@e>' },
    { name: 'ada', email: '7+ada@users.noreply.127.0.0.1' },
  ],
  ['an App is no person', { login: 'mainloop[bot]', databaseId: 7, name: null }, null],
])('the owner of the token: %s', async (_, viewer, expected) => {
  await using harness = await startGitHub({ 'POST /graphql': { body: { data: { viewer } } } })
  expect(await harness.github.tokenOwner('o/r')).toEqual(expected)
})

test.each([
  ['a note', 'For the release notes: tea.'],
  ['a quote of the end line', 'Why is there `<!-- mainloop: write below this line -->`?\n\nFor the release notes: tea.'],
])('text below mainloop\'s part survives an update: %s', async (_, theirs) => {
  const body = `What was done\n<!-- mainloop: write below this line -->\r\n\r\n${theirs}`
  await using harness = await startGitHub({ 'GET /repos/o/r/pulls': { body: [pull({ body })] }, 'PATCH /repos/o/r/pulls/7': { body: pull() } })
  await harness.github.ensurePull({ ...ENSURE, body: 'What was done since\n<!-- mainloop: write below this line -->' })
  expect(JSON.parse(harness.server.requests.at(-1)?.body ?? '')).toEqual({ body: `What was done since\n<!-- mainloop: write below this line -->\n\n${theirs}` })
})

test.each([
  ['while it is open', {}, ['PATCH /repos/o/r/pulls/7']],
  ['not if it is equal', { body: 'CI is green' }, []],
  ['not once it is closed', { state: 'closed' }, []],
  ['not once it is merged', { state: 'closed', merged: true, mergeable: null }, []],
])('the text of a pull request is updated, %s', async (_, overrides, writes) => {
  await using harness = await startGitHub({ 'GET /repos/o/r/pulls/7': { body: pull(overrides) }, 'PATCH /repos/o/r/pulls/7': { body: pull() } })
  await harness.github.updatePullText('o/r', 7, 'CI is green')
  expect(harness.server.calls.filter(call => !call.startsWith('GET'))).toEqual(writes)
})

test('mainloop\'s part is cut at its beginning to leave room for people\'s text', async () => {
  const end = '\n<!-- mainloop: write below this line -->'
  const theirs = `\n${'t'.repeat(10_000)}`
  await using harness = await startGitHub({
    'GET /repos/o/r/pulls/7': { body: pull({ body: `Ours${end}${theirs}` }) },
    'PATCH /repos/o/r/pulls/7': { body: pull() },
  })
  await harness.github.updatePullText('o/r', 7, `${'o'.repeat(60_000)}\n\nCI is green${end}`)
  const { body } = z.object({ body: z.string() }).parse(JSON.parse(harness.server.requests.at(-1)?.body ?? ''))
  expect(body).toHaveLength(65_536)
  expect(body.endsWith(`\n\nCI is green${end}${theirs}`)).toBe(true)
})
