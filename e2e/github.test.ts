import type { GitHub } from '../runner/github/github.ts'
import type { GitHubOptions } from '../runner/github/octokit.ts'
import type { FakeGitHub } from './fakes/github/fake-github.ts'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { createGitHub } from '../runner/github/octokit.ts'
import { startFakeGitHub } from './fakes/github/fake-github.ts'

const WORKFLOW = `name: CI
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - name: Say hello
        run: echo hello
      - name: Try it
        run: |
          echo "$(printf '\\033[31m')expected 3, got 4$(printf '\\033[0m')"
          echo ghp_0123456789abcdefghijABCDEFGHIJ012345
          sh check.sh
`
const FILES = { 'README.md': '# Tea\n', '.github/workflows/ci.yml': WORKFLOW, 'check.sh': 'exit 0\n' }
const BRANCH = 'mainloop/x'
const TERMS = { branch: BRANCH, base: null, title: 'Add it', body: 'What was done' }

let fakeGitHub: FakeGitHub
let repository: string
let repositories = 0

beforeAll(async () => {
  fakeGitHub = await startFakeGitHub()
})
beforeEach(async () => {
  repository = `octo-tea/tea-${++repositories}`
  await fakeGitHub.seed(repository, FILES)
})
afterAll(() => fakeGitHub.close())

function adapter(options: Partial<GitHubOptions> = {}): GitHub {
  return createGitHub({ token: fakeGitHub.token, apiUrl: fakeGitHub.apiUrl, secondMs: 1, checkTimeouts: { quietMs: 0, beginMs: 0 }, ...options })
}

/** Pushes a commit to the branch, ensures its pull request and waits for its workflow runs. */
async function publish(github: GitHub, files: Record<string, string>) {
  const head = await fakeGitHub.commit(repository, BRANCH, files)
  const pull = await github.ensurePull({ ...TERMS, repository })
  await fakeGitHub.idle()
  return { head, pull }
}

test('a pull request is opened as a draft, found again, marked ready and merged', async () => {
  const github = adapter()
  expect(await github.inspect(repository)).toEqual({ defaultBranch: 'main' })
  const { head, pull } = await publish(github, { 'a.txt': 'a' })
  expect(pull).toMatchObject({ number: 1, draft: true })

  expect(await github.ensurePull({ ...TERMS, repository, body: 'More was done' })).toEqual(pull)
  expect(fakeGitHub.pulls(repository)).toMatchObject([{ title: 'Add it', body: 'More was done', head: BRANCH, base: 'main', draft: true }])

  await github.markReady(repository, 1)
  await github.markReady(repository, 1)
  expect(await github.pullState(repository, 1)).toEqual({ state: 'open', pull: { ...pull, draft: false }, head, branchGone: false })

  await fakeGitHub.merge(repository, 1)
  expect(await github.pullState(repository, 1)).toMatchObject({ state: 'merged' })
  expect(fakeGitHub.violations).toEqual([])
})

test('a closed pull request is reported, and the branch gets a new one', async () => {
  const github = adapter()
  await publish(github, { 'a.txt': 'a' })
  await fakeGitHub.closePull(repository, 1)
  expect(await github.pullState(repository, 1)).toMatchObject({ state: 'closed' })
  expect(await github.ensurePull({ ...TERMS, repository })).toMatchObject({ number: 2 })
  expect(fakeGitHub.violations).toEqual([])
})

test('a failed check brings the output of its step, and passes once it is fixed', async () => {
  const github = adapter()
  const { head, pull } = await publish(github, { 'check.sh': 'exit 3\n' })
  const verdict = await github.verdict(repository, head, pull.number)
  expect(verdict).toMatchObject({ kind: 'failed', failure: { kind: 'checks', summary: 'CI / test did not pass (1 of 1)', jobs: [{ name: 'CI / test' }] } })
  const excerpt = verdict.kind === 'failed' ? verdict.failure.jobs[0]?.excerpt : undefined
  expect(excerpt).toMatch(/^> Run echo [^\n]*\nexpected 3, got 4\n\[redacted\]\nError: Process completed with exit code 3\.$/)

  const fixed = await publish(github, { 'check.sh': 'exit 0\n' })
  expect(fixed.pull.number).toBe(pull.number)
  expect(await github.verdict(repository, fixed.head, pull.number)).toEqual({ kind: 'passed', checks: 1 })
  expect(fakeGitHub.violations).toEqual([])
})

test('statuses and the checks of other apps count beside Actions', async () => {
  const github = adapter()
  const { head, pull } = await publish(github, { 'a.txt': 'a' })
  fakeGitHub.addStatus(repository, { sha: head, context: 'ci/other', state: 'pending' })
  expect(await github.verdict(repository, head, pull.number)).toEqual({ kind: 'pending', waitingFor: ['ci/other'], isRunning: false })

  fakeGitHub.addStatus(repository, { sha: head, context: 'ci/other', state: 'success' })
  expect(await github.verdict(repository, head, pull.number)).toEqual({ kind: 'passed', checks: 2 })

  fakeGitHub.addCheck(repository, {
    sha: head,
    app: 'coverage',
    name: 'coverage',
    conclusion: 'failure',
    summary: 'Too low',
    annotations: [{ path: 'a.ts', line: 3, level: 'failure', message: 'uncovered' }],
  })
  expect(await github.verdict(repository, head, pull.number)).toMatchObject({
    kind: 'failed',
    failure: { jobs: [{ name: 'coverage', excerpt: 'Too low\na.ts:3: uncovered' }] },
  })
  expect(fakeGitHub.violations).toEqual([])
})

test('checks on further pages of a response are read too', async () => {
  const github = adapter()
  const { head, pull } = await publish(github, { 'a.txt': 'a' })
  for (let n = 0; n < 150; n++)
    fakeGitHub.addCheck(repository, { sha: head, app: 'matrix', name: `row ${n}`, conclusion: 'success' })
  expect(await github.verdict(repository, head, pull.number)).toEqual({ kind: 'passed', checks: 151 })
  expect(fakeGitHub.violations).toEqual([])
})

test('an invalid workflow file is a failure that names the file', async () => {
  const github = adapter()
  const { head, pull } = await publish(github, { '.github/workflows/ci.yml': 'on: push\njobs: [' })
  const verdict = await github.verdict(repository, head, pull.number)
  expect(verdict).toMatchObject({ kind: 'failed', failure: { jobs: [{ excerpt: expect.stringContaining('.github/workflows/ci.yml') }] } })
  expect(fakeGitHub.violations).toEqual([])
})

test('a commit without checks is pending at first, then has the verdict none', async () => {
  await fakeGitHub.commit(repository, 'main', { '.github/workflows/ci.yml': null })
  let now = Date.now()
  const github = adapter({ checkTimeouts: { quietMs: 10_000, beginMs: 60_000 }, now: () => now })
  const { head, pull } = await publish(github, { 'a.txt': 'a' })
  expect(await github.verdict(repository, head, pull.number)).toEqual({ kind: 'pending', waitingFor: ['CI to begin'], isRunning: true })
  now += 120_000
  expect(await github.verdict(repository, head, pull.number)).toEqual({ kind: 'none' })
  expect(fakeGitHub.violations).toEqual([])
})

test('a conflict with the base is a failure', async () => {
  const github = adapter()
  const { head, pull } = await publish(github, { 'README.md': '# Green tea\n' })
  await fakeGitHub.commit(repository, 'main', { 'README.md': '# Black tea\n' })
  expect(await github.verdict(repository, head, pull.number)).toEqual({
    kind: 'failed',
    failure: { kind: 'conflict', summary: 'the branch conflicts with main', jobs: [] },
  })
  expect(fakeGitHub.violations).toEqual([])
})

test('each kind of unusable repository fails with an error of its own', async () => {
  const github = adapter()
  await fakeGitHub.seed('octo-tea/empty')
  const readOnly = adapter({ token: fakeGitHub.createToken('reader', { [repository]: 'read' }) })
  await expect(github.inspect('octo-tea/tae')).rejects.toMatchObject({ kind: 'not-found' })
  await expect(github.inspect('octo-tea/empty')).rejects.toMatchObject({ kind: 'empty' })
  await expect(readOnly.inspect(repository)).rejects.toMatchObject({ kind: 'no-access' })
  await expect(readOnly.inspect('octo-tea/empty')).rejects.toMatchObject({ kind: 'not-found' })
  await expect(adapter({ token: 'ghp_wrong' }).inspect(repository)).rejects.toMatchObject({ kind: 'credential' })
  await expect(adapter({ token: null }).inspect(repository)).rejects.toMatchObject({ kind: 'credential' })
  expect(fakeGitHub.violations).toEqual([])
})

test.each([
  ['down', { kind: 'down' }, 'unreachable'],
  ['failing', { kind: 'status', status: 502 }, 'unreachable'],
  ['limiting', { kind: 'rate-limited', resetSeconds: 1800 }, 'rate-limited'],
  ['limiting concurrent requests', { kind: 'secondary-rate-limited', retryAfterSeconds: 600 }, 'rate-limited'],
] as const)('while GitHub is %s, calls fail with the kind, and succeed afterwards', async (_, fault, kind) => {
  const github = adapter()
  const end = fakeGitHub.fault(fault)
  onTestFinished(end)
  await expect(github.inspect(repository)).rejects.toMatchObject({ kind })
  end()
  expect(await github.inspect(repository)).toEqual({ defaultBranch: 'main' })
})

test('one failed response is retried', async () => {
  fakeGitHub.fault({ kind: 'status', status: 502 }, { times: 1 })
  expect(await adapter().inspect(repository)).toEqual({ defaultBranch: 'main' })
})
