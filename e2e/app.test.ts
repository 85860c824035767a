import type { AppCredential } from '../runner/config/config.ts'
import type { FakeGitHub } from './fakes/github/fake-github.ts'
import { Buffer } from 'node:buffer'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { createGitHub } from '../runner/github/octokit.ts'
import { startFakeGitHub } from './fakes/github/fake-github.ts'
import { reviewScenarios } from './loop/review-scenarios.ts'
import { runReconciler } from './loop/run-reconciler.ts'
import { startScenario } from './loop/start-scenario.ts'

const HOUR_MS = 3_600_000
const FILES = { 'a.txt': 'a\n' }

let fakeGitHub: FakeGitHub
let app: AppCredential & { slug: string }
let repository: string
let repositories = 0

beforeAll(async () => {
  fakeGitHub = await startFakeGitHub()
  app = fakeGitHub.createApp('mainloop-for-ada')
})
beforeEach(async () => {
  repository = `ada/tea-${++repositories}`
  await fakeGitHub.seed(repository, FILES)
})
afterEach(() => {
  vi.useRealTimers()
  expect(fakeGitHub.violations).toEqual([])
})
afterAll(() => fakeGitHub.close())

function adapter(credential: AppCredential = app) {
  return createGitHub({ app: credential, apiUrl: fakeGitHub.apiUrl, secondMs: 1, checkTimeouts: { quietMs: 0, beginMs: 0 } })
}

/** The HTTP status with which the git server answers a fetch or a push with this token. */
async function gitStatus(token: string | null, service: 'git-upload-pack' | 'git-receive-pack', name = repository): Promise<number> {
  const { status } = await fetch(`${fakeGitHub.serverUrl}/${name}.git/info/refs?service=${service}`, {
    headers: { authorization: `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}` },
  })
  return status
}

test('a whole scenario runs with a GitHub App, whose own comments do not count as feedback', async () => {
  const scenario = must(reviewScenarios.find(({ name }) => name.startsWith('a review with comments on lines')), 'the scenario')
  const { isOver, ...context } = await startScenario(fakeGitHub, scenario)
  fakeGitHub.install(app, [context.repository])
  await runReconciler(context.harness, { apiUrl: fakeGitHub.apiUrl, app, nextChange: fakeGitHub.nextChange, until: isOver })
  const [pull] = fakeGitHub.pulls(context.repository)
  expect(pull?.comments.map(({ login }) => login).filter(login => login.endsWith('[bot]'))).toEqual(['mainloop-for-ada[bot]', 'mainloop-for-ada[bot]'])
  expect(context.harness.task()).toMatchObject({ state: { status: 'in_review' }, history: [{ phase: 'implement' }, { phase: 'feedback' }] })
})

test('a git token reaches one repository, with the permissions of its purpose only', async () => {
  const other = `ada/other-${repositories}`
  await fakeGitHub.seed(other, FILES)
  fakeGitHub.install(app, [repository, other])
  const github = adapter()
  const [checkout, publish] = [await github.gitToken(repository, 'checkout'), await github.gitToken(repository, 'publish')]
  expect([await gitStatus(checkout, 'git-upload-pack'), await gitStatus(checkout, 'git-receive-pack')]).toEqual([200, 403])
  expect([await gitStatus(publish, 'git-upload-pack'), await gitStatus(publish, 'git-receive-pack')]).toEqual([200, 200])
  for (const token of [checkout, publish])
    expect(await gitStatus(token, 'git-upload-pack', other)).toBe(403)
  const request = (path: string) => fetch(`${fakeGitHub.apiUrl}/repos/${repository}${path}`, { headers: { authorization: `token ${publish}` } })
  expect([(await request('/pulls')).status, (await request('/branches/main')).status]).toEqual([403, 200])
})

test('a token is renewed after its hour, and each attempt gets a fresh one', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
  fakeGitHub.install(app, [repository])
  const github = adapter()
  await github.inspect(repository)
  const early = await github.gitToken(repository, 'publish')
  vi.setSystemTime(Date.now() + HOUR_MS / 2)
  const later = await github.gitToken(repository, 'publish')
  expect(later).not.toBe(early)
  vi.setSystemTime(Date.now() + HOUR_MS / 2 + 60_000)
  expect([await gitStatus(early, 'git-upload-pack'), await gitStatus(later, 'git-upload-pack')]).toEqual([401, 200])
  expect(await github.inspect(repository)).toEqual({ defaultBranch: 'main' })
})

test.each<[string, () => AppCredential, RegExp]>([
  ['is not installed there', () => app, /is not installed for ada\/tea-\d+\. Install it at http\S+\/apps\/mainloop-for-ada\/installations\/new/],
  ['is suspended', () => {
    fakeGitHub.install(app, [repository], { suspended: true })
    return app
  }, /is suspended\. Unsuspend it at http\S+\/settings\/installations\/\d+/],
  ['lacks a permission', () => {
    fakeGitHub.install(app, [repository], { permissions: { contents: 'write', metadata: 'read', pull_requests: 'read' } })
    return app
  }, /lacks permissions for ada\/tea-\d+: actions: read, checks: read, issues: write, pull_requests: write, statuses: read\. Add them/],
])('an App that %s fails with the remedy', async (_, credential, message) => {
  // The App is installed for another repository of the same owner only.
  await fakeGitHub.seed(`ada/elsewhere-${repositories}`, FILES)
  fakeGitHub.install(app, [`ada/elsewhere-${repositories}`])
  await expect(adapter(credential()).inspect(repository)).rejects.toMatchObject({ kind: 'no-access', message: expect.stringMatching(message) })
})

test('an App that is installed later works without a restart', async () => {
  const late = fakeGitHub.createApp('late')
  const runner = adapter(late)
  await expect(runner.inspect(repository)).rejects.toMatchObject({ kind: 'no-access' })
  fakeGitHub.install(late, [repository])
  expect(await runner.inspect(repository)).toEqual({ defaultBranch: 'main' })
})

test('the key of another App is refused', async () => {
  fakeGitHub.install(app, [repository])
  const wrong = { id: app.id, privateKey: fakeGitHub.createApp('another').privateKey }
  await expect(adapter(wrong).inspect(repository)).rejects.toMatchObject({ kind: 'credential', message: expect.stringContaining('do not belong together') })
  await expect(adapter(wrong).gitToken(repository, 'checkout')).rejects.toMatchObject({ kind: 'credential' })
})

test('every call reports an unknown App id as such', async () => {
  const unknown = adapter({ ...app, id: '4711' })
  const unknownId = { kind: 'credential', message: expect.stringContaining('knows no App with the id in GITHUB_APP_ID') }
  await expect(unknown.whoAmI()).rejects.toMatchObject(unknownId)
  await expect(unknown.inspect(repository)).rejects.toMatchObject(unknownId)
  await expect(unknown.gitToken(repository, 'checkout')).rejects.toMatchObject(unknownId)
})

test('a removed App is noticed at once, and works again after it is reinstalled, without a restart', async () => {
  const removed = fakeGitHub.createApp(`removed-${repositories}`)
  fakeGitHub.install(removed, [repository])
  const github = adapter(removed)
  await github.inspect(repository)
  fakeGitHub.uninstall(removed)
  await expect(github.inspect(repository)).rejects.toMatchObject({ kind: 'no-access', message: expect.stringContaining('is not installed for') })

  fakeGitHub.install(removed, [repository])
  await github.inspect(repository)
  fakeGitHub.uninstall(removed)
  fakeGitHub.install(removed, [repository])
  expect(await github.inspect(repository)).toEqual({ defaultBranch: 'main' })
  fakeGitHub.uninstall(removed)
  fakeGitHub.install(removed, [repository])
  expect(await gitStatus(await github.gitToken(repository, 'publish'), 'git-receive-pack')).toBe(200)
})

test('while GitHub is down a request for a token fails, and afterwards it succeeds', async () => {
  fakeGitHub.install(app, [repository])
  const github = adapter()
  const end = fakeGitHub.fault({ kind: 'down' })
  await expect(github.gitToken(repository, 'publish')).rejects.toMatchObject({ kind: 'unreachable' })
  end()
  expect(await github.gitToken(repository, 'publish')).toMatch(/^ghs_/)
})
