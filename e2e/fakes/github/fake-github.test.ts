import { Octokit } from '@octokit/rest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { startFakeGitHub } from './fake-github.ts'

const github = await startFakeGitHub()
const silent = { debug() {}, info() {}, warn() {}, error() {} }
const octokit = new Octokit({ auth: github.token, baseUrl: github.apiUrl, log: silent })
const at = { owner: 'octo', repo: 'plain' }
const NAME = 'octo/plain'

beforeAll(async () => {
  await github.seed(NAME, { 'a.txt': 'one\n' })
  await github.seed('octo/empty')
})

afterAll(() => github.close())

describe('a pull request', () => {
  test('is opened as a draft, made ready, and merged for real', async () => {
    await github.commit(NAME, 'change', { 'a.txt': 'two\n' })
    const { data: pull } = await octokit.pulls.create({ ...at, head: 'change', base: 'main', title: 'Change', body: 'Because.', draft: true })
    expect(pull).toMatchObject({
      number: 1,
      draft: true,
      state: 'open',
      mergeable: true,
      mergeable_state: 'draft',
      commits: 1,
      additions: 1,
      deletions: 1,
      html_url: `${github.serverUrl}/octo/plain/pull/1`,
    })

    const ready = await octokit.graphql('mutation($id: ID!) { markPullRequestReadyForReview(input: { pullRequestId: $id }) { pullRequest { isDraft } } }', {
      id: pull.node_id,
    })
    expect(ready).toEqual({ markPullRequestReadyForReview: { pullRequest: { isDraft: false } } })

    await octokit.pulls.update({ ...at, pull_number: 1, body: 'Better words.' })
    await octokit.issues.createComment({ ...at, issue_number: 1, body: 'Looks good.' })
    expect(github.pulls(NAME)).toMatchObject([
      { state: 'open', draft: false, body: 'Better words.', comments: [{ login: 'mainloop-fake', body: 'Looks good.' }] },
    ])

    const { data: merge } = await octokit.pulls.merge({ ...at, pull_number: 1 })
    expect((await octokit.pulls.get({ ...at, pull_number: 1 })).data).toMatchObject({ merged: true, state: 'closed', merge_commit_sha: merge.sha })
    expect(await github.read(NAME, 'main', 'a.txt')).toBe('two\n')
    expect((await octokit.repos.getCommit({ ...at, ref: 'main' })).data.parents).toHaveLength(2)
  })

  test('follows its branch, and knows when it conflicts', async () => {
    await github.commit(NAME, 'left', { 'a.txt': 'left\n' })
    await octokit.pulls.create({ ...at, head: 'octo:left', base: 'main', title: 'Left' })
    const head = await github.commit(NAME, 'left', { 'a.txt': 'more left\n' })
    await github.commit(NAME, 'main', { 'a.txt': 'right\n' })
    const number = must(github.pulls(NAME).at(-1), 'the pull request').number
    expect((await octokit.pulls.get({ ...at, pull_number: number })).data).toMatchObject({ head: { sha: head }, mergeable: false, mergeable_state: 'dirty' })
    await expect(octokit.pulls.merge({ ...at, pull_number: number })).rejects.toMatchObject({ status: 405 })
  })

  test('is found by its branch and state', async () => {
    const titles = async (state: 'open' | 'closed', head: string) => (await octokit.pulls.list({ ...at, state, head })).data.map(({ title }) => title)
    expect(await titles('open', 'octo:left')).toEqual(['Left'])
    expect(await titles('closed', 'octo:left')).toEqual([])
    expect(await titles('closed', 'octo:change')).toEqual(['Change'])
  })
})

describe('what GitHub refuses is refused in its words', () => {
  const reader = new Octokit({ auth: github.createToken('reader', { [NAME]: 'read' }), baseUrl: github.apiUrl, log: silent })
  const nobody = new Octokit({ auth: 'ghp_wrong', baseUrl: github.apiUrl, log: silent })
  test.each([
    ['a wrong token', () => nobody.repos.get(at), 401, /Bad credentials/],
    ['a repository that is not there', () => octokit.repos.get({ ...at, repo: 'typo' }), 404, /Not Found/],
    ['one that the token may not see', () => reader.repos.get({ owner: 'octo', repo: 'empty' }), 404, /Not Found/],
    ['a write by a reader', () => reader.issues.createComment({ ...at, issue_number: 1, body: 'x' }), 403, /not accessible/],
    ['the branch of an empty repository', () => octokit.repos.getBranch({ owner: 'octo', repo: 'empty', branch: 'main' }), 404, /Not Found/],
    [
      'a second pull request of a branch',
      () => octokit.pulls.create({ ...at, head: 'left', base: 'main', title: 'Again' }),
      422,
      /A pull request already exists for octo:left/,
    ],
    [
      'a pull request of nothing',
      () => octokit.pulls.create({ ...at, head: 'change', base: 'main', title: 'Nothing' }),
      422,
      /No commits between main and change/,
    ],
    [
      'a pull request of a branch that is not there',
      () => octokit.pulls.create({ ...at, head: 'gone', base: 'main', title: 'Gone' }),
      422,
      /"field":"head","code":"invalid"/,
    ],
  ])('%s', async (_, ask, status, message) => {
    await expect(ask()).rejects.toMatchObject({ status, message: expect.stringMatching(message) })
  })

  test('an unknown node, as GraphQL says it', async () => {
    const ask = octokit.graphql('mutation { markPullRequestReadyForReview(input: { pullRequestId: "PR_nonsense" }) { clientMutationId } }')
    await expect(ask).rejects.toMatchObject({ errors: [{ type: 'NOT_FOUND', path: ['markPullRequestReadyForReview'] }] })
  })
})

describe('reports about a commit', () => {
  test('come from other apps and from statuses, newest first, in pages with links', async () => {
    const sha = await github.commit(NAME, 'checked', { 'b.txt': 'b\n' })
    for (let index = 0; index < 5; index++)
      github.addCheck(NAME, { sha, app: 'linter', name: `check ${index}`, conclusion: 'success' })
    github.addStatus(NAME, { sha, context: 'deploy', state: 'pending' })
    github.addStatus(NAME, { sha, context: 'deploy', state: 'failure', description: 'No room' })

    const first = await octokit.checks.listForRef({ ...at, ref: sha, per_page: 2 })
    expect(first.data).toMatchObject({ total_count: 5, check_runs: [{ name: 'check 4' }, { name: 'check 3' }] })
    expect(first.headers.link).toMatch(
      /<http:\/\/127\.0\.0\.1:\d+\/api\/repos\/octo\/plain\/commits\/[\da-f]{40}\/check-runs\?per_page=2&page=2>; rel="next", <[^>]+page=3>; rel="last"/,
    )
    const all = await octokit.paginate(octokit.checks.listForRef, { ...at, ref: sha, per_page: 2 })
    expect(all.map(({ name }) => name)).toEqual(['check 4', 'check 3', 'check 2', 'check 1', 'check 0'])
    expect((await octokit.repos.listCommitStatusesForRef({ ...at, ref: sha })).data.map(({ state }) => state)).toEqual(['failure', 'pending'])
    expect((await octokit.repos.getCombinedStatusForRef({ ...at, ref: sha })).data).toMatchObject({ state: 'failure', total_count: 1 })
  })

  test('of a check run hold its annotations', async () => {
    const sha = await github.commit(NAME, 'annotated', { 'c.txt': 'c\n' })
    github.addCheck(NAME, {
      sha,
      app: 'linter',
      name: 'lint',
      conclusion: 'failure',
      title: 'One problem',
      annotations: [{ path: 'c.txt', line: 1, level: 'failure', message: 'Too short' }],
    })
    const [check] = (await octokit.checks.listForRef({ ...at, ref: sha })).data.check_runs
    expect(check?.output).toMatchObject({ title: 'One problem', annotations_count: 1 })
    const { data } = await octokit.checks.listAnnotations({ ...at, check_run_id: must(check, 'the check').id })
    expect(data).toMatchObject([{ path: 'c.txt', start_line: 1, annotation_level: 'failure', message: 'Too short' }])
  })
})

test('what has not changed is a 304 that costs nothing', async () => {
  const first = await octokit.repos.get(at)
  const again = octokit.request('GET /repos/{owner}/{repo}', { ...at, headers: { 'if-none-match': must(first.headers.etag, 'ETag') } })
  await expect(again).rejects.toMatchObject({ status: 304, response: { headers: { 'x-ratelimit-remaining': first.headers['x-ratelimit-remaining'] } } })
  await github.commit(NAME, 'other', { 'd.txt': 'd\n' })
  const changed = await octokit.request('GET /repos/{owner}/{repo}', { ...at, headers: { 'if-none-match': must(first.headers.etag, 'ETag') } })
  expect(changed.status).toBe(200)
  expect(changed.headers['x-ratelimit-remaining']).toBe(String(Number(first.headers['x-ratelimit-remaining']) - 1))
})

describe('faults', () => {
  test.each([
    ['down', { kind: 'down' }, 500, undefined],
    ['a bad gateway', { kind: 'status', status: 502 }, 502, undefined],
    ['rate limited', { kind: 'rate-limited', resetSeconds: 60 }, 403, { 'x-ratelimit-remaining': '0' }],
    ['rate limited for doing too much', { kind: 'secondary-rate-limited', retryAfterSeconds: 7 }, 403, { 'retry-after': '7' }],
  ] as const)('%s, for as many requests as asked', async (_, fault, status, headers) => {
    github.fault(fault, { times: 1, path: /\/repos\// })
    await expect(octokit.repos.get(at)).rejects.toMatchObject({ status, ...(headers ? { response: { headers } } : {}) })
    expect((await octokit.repos.get(at)).status).toBe(200)
  })

  test('last until they are ended', async () => {
    const end = github.fault({ kind: 'status', status: 503 })
    await expect(octokit.repos.get(at)).rejects.toMatchObject({ status: 503 })
    await expect(octokit.repos.get(at)).rejects.toMatchObject({ status: 503 })
    end()
    expect((await octokit.repos.get(at)).status).toBe(200)
  })
})

test('a person can read a pull request and merge it with the button', async () => {
  await github.commit(NAME, 'by-hand', { 'e.txt': '<script>alert(1)</script>\n' })
  const { data: pull } = await octokit.pulls.create({ ...at, head: 'by-hand', base: 'main', title: '<b>By hand</b>' })
  const page = await (await fetch(pull.html_url)).text()
  expect(page).toContain('&lt;b&gt;By hand&lt;/b&gt;')
  expect(page).toContain('+&lt;script&gt;')
  const merged = await fetch(`${pull.html_url}/merge`, { method: 'POST', redirect: 'manual' })
  expect(merged.status).toBe(303)
  expect(await github.read(NAME, 'main', 'e.txt')).toContain('alert')
})

test('nothing of all this was against GitHub\'s description', () => {
  expect(github.violations).toEqual([])
})
