import type { JobSpec } from '../../job/job-spec.ts'
import type { Behaviour } from '../testing/executor-suite.ts'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { basic } from '#shared/text/redact.ts'
import { jobPaths } from '../../job/job-paths.ts'
import { processesOf } from '../../job/processes.ts'
import { readWorker } from '../../job/worker-record.ts'
import { startGitServer } from '../../testing/git-server.ts'
import { jobSpecOf } from '../../testing/job-spec.ts'
import { startModelServer } from '../../testing/model-server.ts'
import { executorSuite } from '../testing/executor-suite.ts'
import { createProcessExecutor } from './process-executor.ts'

const root = mkdtempSync(join(tmpdir(), 'mainloop-jobs-'))
const API_KEY = 'sk-ant-key-for-tests'
const git = await startGitServer()
const model = await startModelServer()
git.create('octo/hello', { 'README.md': 'Hello\n' })

/** Collects all that a process of the same user can read without a debugger: the Job's files, and the environment and arguments of processes. */
const SNOOP = [
  'cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline > seen.txt 2>/dev/null',
  'grep -rs . .. --exclude=seen.txt >> seen.txt',
  'sed -i s/sk-ant-key-for-tests/THE-KEY/g seen.txt',
].join('; ')

const BEHAVIOUR: Record<Behaviour, { repository: string, prompt: string }> = {
  'says hello': { repository: 'octo/hello', prompt: 'Plan it.' },
  'fails': { repository: 'octo/missing', prompt: 'Plan it.' },
  'hangs': { repository: 'octo/hello', prompt: 'Hang, please.' },
}

model.script = ({ text }, step) => {
  if (text.includes('Snoop, please.'))
    return step === 0 ? [{ type: 'tool_use', name: 'Bash', input: { command: SNOOP } }] : [{ type: 'text', text: 'Looked around.' }]
  if (text.includes('Half, please.'))
    return step === 0 ? [{ type: 'tool_use', name: 'Bash', input: { command: 'echo half > half.txt; tail -f /dev/null' } }] : 'hang'
  if (text.includes('Hang, please.'))
    return step === 0 ? [{ type: 'text', text: 'hello' }, { type: 'tool_use', name: 'Bash', input: { command: 'touch started; tail -f /dev/null' } }] : 'hang'
  return step === 0
    ? [{ type: 'text', text: 'hello' }, { type: 'tool_use', name: 'StructuredOutput', input: { plan: 'Greet.', questions: [] } }]
    : [{ type: 'text', text: 'Done.' }]
}

afterAll(async () => {
  await Promise.all([git.close(), model.close()])
  rmSync(root, { recursive: true, force: true })
})

const folder = (name: string): string => join(root, name)

function open() {
  return createProcessExecutor({
    root,
    secrets: async () => ({ git: { serverUrl: git.url, token: git.token }, model: { apiKey: API_KEY, oauthToken: null, baseUrl: model.url } }),
  })
}

function noSecrets(): never {
  throw new Error('no Job is started here')
}

executorSuite({
  open,
  job: (behaviour, given) => jobSpecOf({ phase: 'plan', ...BEHAVIOUR[behaviour], ...given }),
  crash: async name => void process.kill(must(await readWorker(folder(name)), 'a worker').pid, 'SIGKILL'),
  leftovers: async name => [...processesOf(folder(name)).map(String), ...(existsSync(folder(name)) ? [folder(name)] : [])],
})

/** A Job of this test alone. */
async function start(spec: JobSpec) {
  onTestFinished(() => open().remove(spec.name))
  await open().ensure(spec)
}

function result(name: string) {
  return open().list().then(jobs => jobs.find(job => job.name === name)?.result)
}

test('the agent finds the model\'s key but not the git token, and neither stays on disk or in the log', async () => {
  const spec = jobSpecOf({ task: 'snoopsnoop', prompt: 'Snoop, please.' })
  await start(spec)
  await expect.poll(() => result(spec.name)).toMatchObject({ outcome: 'published', summary: 'Looked around.' })
  const seen = git.git('octo/hello', 'show', `${spec.branch}:seen.txt`)
  expect(seen).toContain('ANTHROPIC_API_KEY=THE-KEY')
  for (const secret of [git.token, basic(git.token)])
    expect(seen).not.toContain(secret)
  rmSync(join(jobPaths(folder(spec.name)).workspace, 'seen.txt'))
  expect(filesBelow(folder(spec.name)).filter(path => [git.token, API_KEY].some(secret => readFileSync(path, 'latin1').includes(secret)))).toEqual([])
})

test('a worker that gets SIGTERM stops its stage and reports that with its usage', async () => {
  const spec = jobSpecOf({ task: 'terminated', prompt: 'Hang, please.' })
  await start(spec)
  await expect.poll(() => existsSync(join(jobPaths(folder(spec.name)).workspace, 'started'))).toBe(true)
  process.kill(must(await readWorker(folder(spec.name)), 'a worker').pid, 'SIGTERM')
  await expect.poll(() => result(spec.name)).not.toBeNull()
  expect(await result(spec.name)).toMatchObject({
    outcome: 'failed',
    kind: 'crashed',
    reason: expect.stringContaining('stopped from outside'),
    usage: { inputTokens: 10 },
  })
  await expect.poll(() => processesOf(folder(spec.name))).toEqual([])
})

test('a folder that no worker has claimed is not a Job yet, and ensure starts one in it', async () => {
  const spec = jobSpecOf({ task: 'halfmadeup', repository: 'octo/missing' })
  mkdirSync(folder(spec.name), { recursive: true })
  writeFileSync(jobPaths(folder(spec.name)).spec, JSON.stringify(spec))
  expect(await result(spec.name)).toBeUndefined()
  await start(spec)
  await expect.poll(() => result(spec.name)).toMatchObject({ outcome: 'failed', kind: 'repository-not-found' })
})

test('another process with the worker\'s pid does not pass for the worker', async () => {
  const spec = jobSpecOf({ task: 'pidreusedx' })
  const paths = jobPaths(folder(spec.name))
  onTestFinished(() => open().remove(spec.name))
  mkdirSync(folder(spec.name), { recursive: true })
  writeFileSync(paths.spec, JSON.stringify(spec))
  writeFileSync(paths.worker, JSON.stringify({ pid: process.pid, identity: 'of another time', deadlineAt: Date.now() + 60_000 }))
  expect(await result(spec.name)).toMatchObject({ outcome: 'failed', kind: 'crashed' })
  await open().remove(spec.name)
  expect(existsSync(folder(spec.name))).toBe(false)
})

test('the changes of an attempt that reached its deadline are kept for the next', async () => {
  // A deadline that ends the attempt before the agent wrote its file proves nothing, so a slow machine gets twice the time.
  for (let deadlineSeconds = 8, attempt = 1; ; deadlineSeconds *= 2, attempt++) {
    const spec = jobSpecOf({ task: 'halfdonejo', prompt: 'Half, please.', attempt, deadlineSeconds })
    await start(spec)
    await expect.poll(() => result(spec.name)).toMatchObject({ outcome: 'failed', kind: 'deadline' })
    if (!existsSync(join(jobPaths(folder(spec.name)).workspace, 'half.txt')) && deadlineSeconds < 300)
      continue
    expect(git.git('octo/hello', 'show', `refs/mainloop/wip/${spec.task}:half.txt`)).toBe('half\n')
    return
  }
})

test.each(['worker', 'result', 'spec'] as const)('a %s file that the agent has damaged is at worst a crash of its Job', async (file) => {
  const spec = jobSpecOf({ task: 'spoiltjobs', repository: 'octo/missing' })
  await start(spec)
  await expect.poll(() => result(spec.name)).toMatchObject({ outcome: 'failed' })
  writeFileSync(jobPaths(folder(spec.name))[file], '{"outcome":')
  expect(await open().list()).toMatchObject([
    { name: spec.name, task: spec.task, attempt: spec.attempt, result: { outcome: 'failed', kind: file === 'result' ? 'crashed' : 'repository-not-found' } },
  ])
})

test('a Job long after its deadline is stopped with a deadline failure, even when its worker hangs', async () => {
  const spec = jobSpecOf({ task: 'overdueyes', prompt: 'Hang, please.' })
  await start(spec)
  const later = createProcessExecutor({ root, secrets: noSecrets, now: () => Date.now() + 3_600_000 })
  expect(await later.list()).toMatchObject([{ name: spec.name, result: { outcome: 'failed', kind: 'deadline' } }])
  expect(processesOf(folder(spec.name))).toEqual([])
})

test('the next list deletes the remains of an interrupted removal', async () => {
  const trash = join(root, '.removed-by-a-crash')
  mkdirSync(join(trash, 'workspace'), { recursive: true })
  expect(await open().list()).toEqual([])
  expect(existsSync(trash)).toBe(false)
})

test('a name that leads out of the root is refused', async () => {
  await expect(open().ensure(jobSpecOf({ name: '../elsewhere' }))).rejects.toThrow()
  await expect(open().remove('../elsewhere')).rejects.toThrow()
})

function filesBelow(path: string): string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
}
