import type { Reply } from './testing/fake-server.ts'
import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { createGitHub } from './octokit.ts'
import { fakeServer } from './testing/fake-server.ts'

const SHA = 'a'.repeat(40)
const COMMIT = `/repos/o/r/commits/${SHA}`

const ANSWERS: Record<string, Reply> = {
  '/repos/o/r/pulls/7': { body: {
    number: 7,
    html_url: 'https://github.com/o/r/pull/7',
    node_id: 'PR_7',
    draft: true,
    body: null,
    state: 'open',
    created_at: '2026-03-01T12:00:00Z',
    head: { ref: 'mainloop/x', sha: SHA },
    base: { ref: 'main' },
    merged: false,
    mergeable: true,
  } },
  [COMMIT]: { body: { commit: { committer: { date: '2026-03-01T12:00:00Z' } } } },
  [`${COMMIT}/check-runs`]: { body: { total_count: 0, check_runs: [] } },
  [`${COMMIT}/statuses`]: { body: [] },
  '/repos/o/r/actions/runs': { body: { total_count: 0, workflow_runs: [] } },
  '/repos/o/r/check-runs/5/annotations': { body: [] },
}

function checkRun(id: number, name: string, conclusion: string | null) {
  return {
    id,
    name,
    status: conclusion ? 'completed' : 'in_progress',
    conclusion,
    html_url: null,
    app: { slug: 'app' },
    check_suite: { id: 10 },
    output: { title: null, summary: null, text: null },
  }
}
const workflowRun = {
  id: 100,
  name: 'CI',
  path: '.github/workflows/ci.yml',
  workflow_id: 1,
  event: 'push',
  check_suite_id: 10,
  status: 'completed',
  conclusion: 'failure',
  html_url: 'https://github.com/o/r/actions/runs/100',
}

/** A GitHub with a commit without checks, except for the overrides by path. */
async function startGitHub(overrides: Record<string, (path: string, url: () => string, etag: string | undefined) => Reply>) {
  const server = await fakeServer(({ path, headers }) => {
    const at = path.replace(/\?.*$/, '')
    return overrides[at]?.(path, () => server.url, headers['if-none-match']) ?? ANSWERS[at] ?? { status: 404, body: { message: 'Not Found' } }
  })
  const github = createGitHub({ token: 'secret-token', apiUrl: server.url, secondMs: 1, now: () => Date.parse('2026-03-01T13:00:00Z') })
  return { server, verdict: () => github.verdict('o/r', SHA, 7), [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

test('a commit without checks has no verdict', async () => {
  await using harness = await startGitHub({})
  expect(await harness.verdict()).toEqual({ kind: 'none' })
})

test.each<[string, Record<string, () => Reply>]>([
  [
    'its protection',
    { '/repos/o/r/branches/main': () => ({ body: { commit: { sha: SHA }, protection: { enabled: true, required_status_checks: { contexts: ['build'] } } } }) },
  ],
  [
    'its rulesets',
    {
      '/repos/o/r/rules/branches/main': () => ({
        body: [{ type: 'deletion' }, { type: 'required_status_checks', parameters: { required_status_checks: [{ context: 'build', integration_id: 1 }] } }],
      }),
    },
  ],
])('a check that the base branch requires by %s is waited for', async (_, overrides) => {
  await using harness = await startGitHub(overrides)
  expect(await harness.verdict()).toEqual({ kind: 'pending', waitingFor: ['build (required, not reported yet)'], isRunning: false })
})

test('all pages are read', async () => {
  await using harness = await startGitHub({
    [`${COMMIT}/check-runs`]: (path, url) => path.includes('page=2')
      ? { body: { total_count: 2, check_runs: [checkRun(2, 'b', 'success')] } }
      : { headers: { link: `<${url()}${path}&page=2>; rel="next"` }, body: { total_count: 2, check_runs: [checkRun(1, 'a', 'success')] } },
    [`${COMMIT}/statuses`]: (path, url) => path.includes('page=2')
      ? { body: [{ id: 1, context: 'd', state: 'success', description: null, target_url: '' }] }
      : { headers: { link: `<${url()}${path}&page=2>; rel="next"` }, body: [{ id: 2, context: 'c', state: 'success', description: null, target_url: null }] },
  })
  expect(await harness.verdict()).toEqual({ kind: 'passed', checks: 4 })
})

test('unchanged pages are requested by their ETags and come from the cache', async () => {
  const etags: (string | undefined)[] = []
  const page = (etag: string, asked: string | undefined, reply: Reply): Reply => {
    etags.push(asked)
    return asked === etag ? { status: 304, headers: { etag } } : { ...reply, headers: { ...reply.headers, etag } }
  }
  await using harness = await startGitHub({
    [`${COMMIT}/check-runs`]: (path, url, asked) =>
      path.includes('page=2')
        ? page('"two"', asked, { body: { total_count: 2, check_runs: [checkRun(2, 'b', 'success')] } })
        : page('"one"', asked, {
            headers: { link: `<${url()}${path}&page=2>; rel="next"` },
            body: { total_count: 2, check_runs: [checkRun(1, 'a', 'success')] },
          }),
  })
  const results = [await harness.verdict(), await harness.verdict(), await harness.verdict()]
  expect(results).toEqual(Array.from({ length: 3 }, () => ({ kind: 'passed', checks: 2 })))
  expect(etags).toEqual([undefined, undefined, '"one"', '"two"', '"one"', '"two"'])
})

test('a changed page replaces the cached one', async () => {
  let conclusion: string | null = null
  await using harness = await startGitHub({
    [`${COMMIT}/check-runs`]: () => ({ headers: { etag: `"${conclusion}"` }, body: { total_count: 1, check_runs: [checkRun(1, 'a', conclusion)] } }),
  })
  expect(await harness.verdict()).toEqual({ kind: 'pending', waitingFor: ['a'], isRunning: true })
  conclusion = 'success'
  expect(await harness.verdict()).toEqual({ kind: 'passed', checks: 1 })
})

test('a log is read from GitHub\'s redirect, which does not get the token', async () => {
  await using storage = await fakeServer(() => ({
    body: ['##[group]Run npm test', 'shell: bash', '##[endgroup]', 'secret-token', '##[error]exit code 1', '']
      .map(line => line && `2026-03-01T12:00:00.1Z ${line}`)
      .join('\n'),
  }))
  await using harness = await startGitHub({
    '/repos/o/r/actions/runs': () => ({ body: { total_count: 1, workflow_runs: [workflowRun] } }),
    [`${COMMIT}/check-runs`]: () => ({ body: { total_count: 1, check_runs: [checkRun(5, 'test', 'failure')] } }),
    '/repos/o/r/actions/runs/100/jobs': () => ({
      body: { total_count: 1, jobs: [{ id: 5, name: 'test', conclusion: 'failure', html_url: 'https://github.com/o/r/actions/runs/100/job/5', steps: [] }] },
    }),
    '/repos/o/r/actions/jobs/5/logs': () => ({ status: 302, headers: { location: `${storage.url}/blob?signature=1` } }),
  })
  expect(await harness.verdict()).toMatchObject({
    kind: 'failed',
    failure: { summary: 'CI / test did not pass (1 of 1)', jobs: [{ name: 'CI / test', excerpt: '> Run npm test\n[redacted]\nError: exit code 1' }] },
  })
  expect(storage.requests[0]?.headers.authorization).toBeUndefined()
})

test('only the end of a huge log is read', async () => {
  const filler = `${'x'.repeat(99)}\n`.repeat(40_000)
  await using harness = await startGitHub({
    '/repos/o/r/actions/runs': () => ({ body: { total_count: 1, workflow_runs: [workflowRun] } }),
    '/repos/o/r/actions/runs/100/jobs': () => ({ body: { total_count: 1, jobs: [{ id: 5, name: 'test', conclusion: 'failure', html_url: null }] } }),
    '/repos/o/r/actions/jobs/5/logs': () => ({ body: `at the beginning\n${filler}##[error]at the end` }),
  })
  const verdict = await harness.verdict()
  const excerpt = verdict.kind === 'failed' ? verdict.failure.jobs[0]?.excerpt ?? '' : ''
  expect(excerpt).toMatch(/^> Start of the log\n… \d+ lines …\nx{99}\n/)
  expect(excerpt).toMatch(/Error: at the end$/)
})

test('a log that breaks off is a temporary failure', async () => {
  await using harness = await startGitHub({
    '/repos/o/r/actions/runs': () => ({ body: { total_count: 1, workflow_runs: [workflowRun] } }),
    '/repos/o/r/actions/runs/100/jobs': () => ({ body: { total_count: 1, jobs: [{ id: 5, name: 'test', conclusion: 'failure', html_url: null }] } }),
    '/repos/o/r/actions/jobs/5/logs': () => ({ body: '', cut: true }),
  })
  await expect(harness.verdict()).rejects.toMatchObject({ kind: 'unreachable', message: expect.stringContaining('in the middle') })
})

test('the annotations replace a log that is gone', async () => {
  await using harness = await startGitHub({
    '/repos/o/r/actions/runs': () => ({ body: { total_count: 1, workflow_runs: [workflowRun] } }),
    '/repos/o/r/actions/runs/100/jobs': () => ({
      body: { total_count: 1, jobs: [{ id: 5, name: 'test', conclusion: 'failure', html_url: null, steps: [{ name: 'npm test', conclusion: 'failure' }] }] },
    }),
    '/repos/o/r/actions/jobs/5/logs': () => ({ status: 410, body: { message: 'Server Error' } }),
    '/repos/o/r/check-runs/5/annotations': () => ({
      body: [
        { path: 'a.ts', start_line: 3, annotation_level: 'failure', title: 'adds', message: 'expected 3' },
        { path: 'a.ts', start_line: 9, annotation_level: 'notice', title: null, message: 'by the way' },
      ],
    }),
  })
  expect(await harness.verdict()).toMatchObject({
    failure: { jobs: [{ excerpt: 'The job ended as failure and has no log. Failing steps: npm test.\na.ts:3: adds: expected 3' }] },
  })
})

test.each([
  ['GitHub says it conflicts', { mergeable: false, mergeable_state: 'dirty' }, 'failed'],
  ['GitHub says dirty and nothing more', { mergeable: null, mergeable_state: 'dirty' }, 'failed'],
  ['its head is another commit', { mergeable: false, head: { ref: 'mainloop/x', sha: 'b'.repeat(40) } }, 'none'],
])('conflicts: %s', async (_, overrides, kind) => {
  const known = ANSWERS['/repos/o/r/pulls/7']?.body
  await using harness = await startGitHub({ '/repos/o/r/pulls/7': () => ({ body: { ...new Object(known), ...overrides } }) })
  expect(await harness.verdict()).toMatchObject({ kind })
})

test.each<[string, Reply, string]>([
  ['asks whether the pull request is a draft', { body: fileOf('jobs:\n  test:\n    if: "!github.event.pull_request.draft"\n') }, 'draft'],
  ['has another condition', { body: fileOf('jobs:\n  test:\n    if: github.ref == \'refs/heads/main\'\n') }, 'passed'],
  ['cannot be read', { status: 404, body: { message: 'Not Found' } }, 'passed'],
  ['is a folder', { body: [] }, 'passed'],
])('a job was skipped, and its workflow %s', async (_, file, kind) => {
  const ofRun = (id: number, name: string, conclusion: string) => ({ ...checkRun(id, name, conclusion), app: { slug: 'github-actions' } })
  const run = { ...workflowRun, event: 'pull_request', conclusion: 'success' }
  await using harness = await startGitHub({
    [`${COMMIT}/check-runs`]: () => ({ body: { total_count: 2, check_runs: [ofRun(5, 'test', 'skipped'), ofRun(6, 'title', 'success')] } }),
    '/repos/o/r/actions/runs': () => ({ body: { total_count: 1, workflow_runs: [run] } }),
    '/repos/o/r/contents/.github%2Fworkflows%2Fci.yml': () => file,
  })
  expect((await harness.verdict()).kind).toBe(kind)
})

function fileOf(text: string) {
  return { type: 'file', encoding: 'base64', content: Buffer.from(text).toString('base64') }
}

test('a token that may not read checks is an error that names the permission', async () => {
  await using harness = await startGitHub({
    [`${COMMIT}/check-runs`]: () => ({
      status: 403,
      headers: { 'x-accepted-github-permissions': 'checks=read' },
      body: { message: 'Resource not accessible by personal access token' },
    }),
  })
  await expect(harness.verdict()).rejects.toMatchObject({ kind: 'no-access', message: expect.stringContaining('checks=read') })
})
