import { Octokit } from '@octokit/rest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { startFakeGitHub } from './fake-github.ts'

const github = await startFakeGitHub()
const noLog = { debug() {}, info() {}, warn() {}, error() {} }
const octokit = new Octokit({ auth: github.token, baseUrl: github.apiUrl, log: noLog })
const inPlain = { owner: 'octo', repo: 'plain' }
const NAME = 'octo/plain'

beforeAll(async () => {
  await github.seed(NAME, { 'a.txt': 'one\n' })
  await github.seed('octo/empty')
})

afterAll(() => github.close())

describe('a pull request', () => {
  test('is opened as a draft, made ready, and merged in git', async () => {
    await github.commit(NAME, 'change', { 'a.txt': 'two\n' })
    const { data: pull } = await octokit.pulls.create({ ...inPlain, head: 'change', base: 'main', title: 'Change', body: 'Because.', draft: true })
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

    await octokit.pulls.update({ ...inPlain, pull_number: 1, body: 'A better reason.' })
    await octokit.issues.createComment({ ...inPlain, issue_number: 1, body: 'Looks good.' })
    expect(github.pulls(NAME)).toMatchObject([
      { state: 'open', draft: false, body: 'A better reason.', comments: [{ login: 'mainloop-fake', body: 'Looks good.' }] },
    ])

    const { data: merge } = await octokit.pulls.merge({ ...inPlain, pull_number: 1 })
    expect((await octokit.pulls.get({ ...inPlain, pull_number: 1 })).data).toMatchObject({ merged: true, state: 'closed', merge_commit_sha: merge.sha })
    expect(await github.read(NAME, 'main', 'a.txt')).toBe('two\n')
    expect((await octokit.repos.getCommit({ ...inPlain, ref: 'main' })).data.parents).toHaveLength(2)
  })

  test('follows its branch and reports a conflict', async () => {
    await github.commit(NAME, 'left', { 'a.txt': 'left\n' })
    await octokit.pulls.create({ ...inPlain, head: 'octo:left', base: 'main', title: 'Left' })
    const head = await github.commit(NAME, 'left', { 'a.txt': 'more left\n' })
    await github.commit(NAME, 'main', { 'a.txt': 'right\n' })
    const number = must(github.pulls(NAME).at(-1), 'the pull request').number
    const data = (await octokit.pulls.get({ ...inPlain, pull_number: number })).data
    expect(data).toMatchObject({ head: { sha: head }, mergeable: false, mergeable_state: 'dirty' })
    await expect(octokit.pulls.merge({ ...inPlain, pull_number: number })).rejects.toMatchObject({ status: 405 })
  })

  test('is found by its branch and state', async () => {
    const titles = async (state: 'open' | 'closed', head: string) => (await octokit.pulls.list({ ...inPlain, state, head })).data.map(({ title }) => title)
    expect(await titles('open', 'octo:left')).toEqual(['Left'])
    expect(await titles('closed', 'octo:left')).toEqual([])
    expect(await titles('closed', 'octo:change')).toEqual(['Change'])
  })
})

describe('a request that GitHub refuses is refused with its message', () => {
  const reader = new Octokit({ auth: github.createToken('reader', { [NAME]: 'read' }), baseUrl: github.apiUrl, log: noLog })
  const unauthorized = new Octokit({ auth: 'ghp_wrong', baseUrl: github.apiUrl, log: noLog })
  const openPullOf = (head: string) => octokit.pulls.create({ ...inPlain, head, base: 'main', title: 'Refused' })

  test.each([
    ['a wrong token', () => unauthorized.repos.get(inPlain), 401, /Bad credentials/],
    ['a repository that does not exist', () => octokit.repos.get({ ...inPlain, repo: 'typo' }), 404, /Not Found/],
    ['a repository that the token may not see', () => reader.repos.get({ owner: 'octo', repo: 'empty' }), 404, /Not Found/],
    ['a write by a reader', () => reader.issues.createComment({ ...inPlain, issue_number: 1, body: 'x' }), 403, /not accessible/],
    ['the branch of an empty repository', () => octokit.repos.getBranch({ owner: 'octo', repo: 'empty', branch: 'main' }), 404, /Not Found/],
    ['a second pull request of a branch', () => openPullOf('left'), 422, /A pull request already exists for octo:left/],
    ['a pull request without commits', () => openPullOf('change'), 422, /No commits between main and change/],
    ['a pull request of a branch that does not exist', () => openPullOf('missing'), 422, /"field":"head","code":"invalid"/],
  ])('%s', async (_, send, status, message) => {
    await expect(send()).rejects.toMatchObject({ status, message: expect.stringMatching(message) })
  })

  test('an unknown node, with a GraphQL error', async () => {
    const mutation = octokit.graphql('mutation { markPullRequestReadyForReview(input: { pullRequestId: "PR_nonsense" }) { clientMutationId } }')
    await expect(mutation).rejects.toMatchObject({ errors: [{ type: 'NOT_FOUND', path: ['markPullRequestReadyForReview'] }] })
  })
})

describe('checks of a commit', () => {
  test('by other apps are listed newest first, in pages with links, and statuses beside them', async () => {
    const sha = await github.commit(NAME, 'checked', { 'b.txt': 'b\n' })
    for (let index = 0; index < 5; index++)
      github.addCheck(NAME, { sha, app: 'linter', name: `check ${index}`, conclusion: 'success' })
    github.addStatus(NAME, { sha, context: 'deploy', state: 'pending' })
    github.addStatus(NAME, { sha, context: 'deploy', state: 'failure', description: 'No room' })

    const first = await octokit.checks.listForRef({ ...inPlain, ref: sha, per_page: 2 })
    expect(first.data).toMatchObject({ total_count: 5, check_runs: [{ name: 'check 4' }, { name: 'check 3' }] })
    expect(first.headers.link).toMatch(
      /<http:\/\/127\.0\.0\.1:\d+\/api\/repos\/octo\/plain\/commits\/[\da-f]{40}\/check-runs\?per_page=2&page=2>; rel="next", <[^>]+page=3>; rel="last"/,
    )
    const all = await octokit.paginate(octokit.checks.listForRef, { ...inPlain, ref: sha, per_page: 2 })
    expect(all.map(({ name }) => name)).toEqual(['check 4', 'check 3', 'check 2', 'check 1', 'check 0'])
    expect((await octokit.repos.listCommitStatusesForRef({ ...inPlain, ref: sha })).data.map(({ state }) => state)).toEqual(['failure', 'pending'])
    expect((await octokit.repos.getCombinedStatusForRef({ ...inPlain, ref: sha })).data).toMatchObject({ state: 'failure', total_count: 1 })
  })

  test('have annotations', async () => {
    const sha = await github.commit(NAME, 'annotated', { 'c.txt': 'c\n' })
    github.addCheck(NAME, {
      sha,
      app: 'linter',
      name: 'lint',
      conclusion: 'failure',
      title: 'One problem',
      annotations: [{ path: 'c.txt', line: 1, level: 'failure', message: 'Too short' }],
    })
    const [check] = (await octokit.checks.listForRef({ ...inPlain, ref: sha })).data.check_runs
    expect(check?.output).toMatchObject({ title: 'One problem', annotations_count: 1 })
    const { data } = await octokit.checks.listAnnotations({ ...inPlain, check_run_id: must(check, 'the check').id })
    expect(data).toMatchObject([{ path: 'c.txt', start_line: 1, annotation_level: 'failure', message: 'Too short' }])
  })
})

test('an unchanged resource is a 304 that does not count against the rate limit', async () => {
  const first = await octokit.repos.get(inPlain)
  const conditional = { ...inPlain, headers: { 'if-none-match': must(first.headers.etag, 'ETag') } }
  const unchanged = octokit.request('GET /repos/{owner}/{repo}', conditional)
  await expect(unchanged).rejects.toMatchObject({ status: 304, response: { headers: { 'x-ratelimit-remaining': first.headers['x-ratelimit-remaining'] } } })
  await github.commit(NAME, 'other', { 'd.txt': 'd\n' })
  const changed = await octokit.request('GET /repos/{owner}/{repo}', conditional)
  expect(changed.status).toBe(200)
  expect(changed.headers['x-ratelimit-remaining']).toBe(String(Number(first.headers['x-ratelimit-remaining']) - 1))
})

describe('faults', () => {
  test.each([
    ['down', { kind: 'down' }, 500, undefined],
    ['a bad gateway', { kind: 'status', status: 502 }, 502, undefined],
    ['rate limited', { kind: 'rate-limited', resetSeconds: 60 }, 403, { 'x-ratelimit-remaining': '0' }],
    ['rate limited for doing too much', { kind: 'secondary-rate-limited', retryAfterSeconds: 7 }, 403, { 'retry-after': '7' }],
  ] as const)('%s, for a number of requests', async (_, fault, status, headers) => {
    github.fault(fault, { times: 1, path: /\/repos\// })
    await expect(octokit.repos.get(inPlain)).rejects.toMatchObject({ status, ...(headers ? { response: { headers } } : {}) })
    expect((await octokit.repos.get(inPlain)).status).toBe(200)
  })

  test('last until they are ended', async () => {
    const end = github.fault({ kind: 'status', status: 503 })
    await expect(octokit.repos.get(inPlain)).rejects.toMatchObject({ status: 503 })
    await expect(octokit.repos.get(inPlain)).rejects.toMatchObject({ status: 503 })
    end()
    expect((await octokit.repos.get(inPlain)).status).toBe(200)
  })
})

test('a person can read a pull request and merge it with the button', async () => {
  await github.commit(NAME, 'by-hand', { 'e.txt': '<script>alert(1)</script>\n' })
  const { data: pull } = await octokit.pulls.create({ ...inPlain, head: 'by-hand', base: 'main', title: '<b>By hand</b>' })
  const page = await (await fetch(pull.html_url)).text()
  expect(page).toContain('&lt;b&gt;By hand&lt;/b&gt;')
  expect(page).toContain('+&lt;script&gt;')
  const merged = await fetch(`${pull.html_url}/merge`, { method: 'POST', redirect: 'manual' })
  expect(merged.status).toBe(303)
  expect(await github.read(NAME, 'main', 'e.txt')).toContain('alert')
})

test('no request or response above contradicted GitHub\'s description', () => {
  expect(github.violations).toEqual([])
})
