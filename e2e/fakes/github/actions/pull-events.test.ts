import { Buffer } from 'node:buffer'
import { Octokit } from '@octokit/rest'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { startFakeGitHub } from '../fake-github.ts'

const github = await startFakeGitHub()
const noLog = { debug() {}, info() {}, warn() {}, error() {} }
const octokit = new Octokit({ auth: github.token, baseUrl: github.apiUrl, log: noLog })
let repositories = 0
let name = ''

beforeEach(() => {
  name = `octo/events-${++repositories}`
})
afterAll(async () => {
  expect(github.violations).toEqual([])
  await github.close()
})

/** Opens a draft pull request with this workflow, and returns its number and head when its first runs have ended. */
async function open(types: string, condition: string, run = '"true"') {
  const job = `  test:\n    if: ${condition}\n    runs-on: ubuntu-latest\n    steps: [{ run: ${run} }]\n`
  const workflow = `on:\n  pull_request: { types: [${types}] }\njobs:\n${job}`
  await github.seed(name, { '.github/workflows/ci.yml': workflow })
  const sha = await github.commit(name, 'change', { 'a.txt': 'a\n' })
  const [owner = '', repo = ''] = name.split('/')
  const { data } = await octokit.pulls.create({ owner, repo, head: 'change', base: 'main', title: 'Change', draft: true })
  return { owner, repo, number: data.number, sha }
}

/** The conclusions of the job in all runs of the pull request, oldest first. */
async function conclusions() {
  await github.idle()
  return github.workflowRuns(name).map(({ jobs }) => must(jobs[0], 'the job').conclusion)
}

test('an edit of the text starts a run whose job can tell by the action', async () => {
  const { owner, repo, number } = await open('opened, edited', 'github.event.action != \'edited\'')
  await octokit.pulls.update({ owner, repo, pull_number: number, body: 'Because.' })
  await github.retitle(name, number, 'Better')
  expect(await conclusions()).toEqual(['success', 'skipped', 'skipped'])
})

test('a job can tell a draft by the payload of the run\'s event, and runs once it is ready', async () => {
  const { number } = await open('opened, ready_for_review', '"!github.event.pull_request.draft"')
  await github.markReady(name, number)
  expect(await conclusions()).toEqual(['skipped', 'success'])
})

test('a label starts a run, which knows the label', async () => {
  const { number } = await open('labeled', 'github.event.label.name == \'go\' && contains(github.event.pull_request.labels.*.name, \'go\')')
  await github.label(name, number, 'stay')
  await github.label(name, number, 'go')
  expect(await conclusions()).toEqual(['skipped', 'success'])
})

test('a run can be cancelled, and its job is cancelled then', async () => {
  await open('opened', 'always()', 'sleep 600')
  const [run] = github.workflowRuns(name)
  await github.cancelRun(must(run, 'the run').id)
  expect(github.workflowRuns(name)).toMatchObject([{ status: 'completed', conclusion: 'cancelled' }])
})

test('a check of another app can stay queued for ever', async () => {
  const { owner, repo, sha } = await open('opened', 'always()')
  await github.addCheck(name, { sha, app: 'tide', name: 'tide', conclusion: null, queued: true })
  const { data } = await octokit.checks.listForRef({ owner, repo, ref: sha })
  expect(data.check_runs.find(check => check.name === 'tide')).toMatchObject({ status: 'queued', conclusion: null, started_at: null })
})

test('a file can be read at a commit', async () => {
  const { owner, repo, sha } = await open('opened', 'always()')
  const { data } = await octokit.repos.getContent({ owner, repo, path: '.github/workflows/ci.yml', ref: sha })
  expect('content' in data && Buffer.from(data.content, 'base64').toString()).toContain('types: [opened]')
  await expect(octokit.repos.getContent({ owner, repo, path: 'none.txt', ref: sha })).rejects.toMatchObject({ status: 404 })
})
