import type { FakeServer } from '../runner/github/testing/fake-server.ts'
import type { HeadlessSystem } from './harness/headless-system.ts'
import process from 'node:process'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { taskList } from '#shared/protocol/tasks.ts'
import { fakeServer } from '../runner/github/testing/fake-server.ts'
import { startHeadlessSystem } from './harness/headless-system.ts'
import { openLog } from './harness/log.ts'

let system: HeadlessSystem
/** Accepts one API key: `right-key`. */
let claude: FakeServer
let task: { repository: string, task: string }

beforeAll(async () => {
  system = await startHeadlessSystem((await openLog('commands')).of('edge'))
  claude = await fakeServer(({ headers }) => headers['x-api-key'] === 'right-key' ? { body: { data: [] } } : { status: 401 })
  system.startRunner({ pollMs: 200 })
})
afterAll(async () => {
  await system.close()
  await claude[Symbol.asyncDispose]()
})

async function mainloop(args: string[], env: Record<string, string> = {}) {
  const { exitCode, stdout, stderr } = await start(args, env)
  return { exitCode, stdout, stderr }
}

function start(args: string[], env: Record<string, string> = {}) {
  return execa(process.execPath, ['runner/main.ts', ...args], {
    reject: false,
    extendEnv: false,
    stdin: 'ignore',
    env: {
      PATH: process.env.PATH ?? '',
      MAINLOOP_EDGE: system.edge.url,
      RUNNER_TOKEN: system.runnerToken,
      GITHUB_TOKEN: system.github.token,
      GITHUB_API_URL: system.github.apiUrl,
      ANTHROPIC_API_KEY: 'right-key',
      ANTHROPIC_BASE_URL: claude.url,
      ...env,
    },
  })
}

test('the help names every command, every variable and the exit codes', async () => {
  const { exitCode, stdout } = await mainloop(['--help'])
  expect(exitCode).toBe(0)
  const commands = ['serve', 'tasks', 'logs', 'cancel', 'retry', 'ready', 'doctor', 'pair', 'token', 'webhook']
  for (const word of [...commands, 'MAINLOOP_EDGE', 'GITHUB_APP_ID', 'EXIT CODES'])
    expect(stdout).toContain(word)
})

test('an empty list of tasks says so', async () => {
  expect(await mainloop(['tasks'])).toMatchObject({ exitCode: 0, stdout: 'There are no tasks.' })
  expect(JSON.parse((await mainloop(['tasks', '--json'])).stdout)).toEqual([])
})

test('a task is listed as a line with its state, or as JSON', async () => {
  task = await system.startTask({ webhook: false })
  await system.untilChecking(task, 1)
  const { stdout } = await mainloop(['tasks'])
  expect(stdout.split('\n')[0]).toMatch(/^TASK +REPOSITORY +TITLE +STATE/)
  expect(stdout).toMatch(new RegExp(`${task.task} +${task.repository} +Change it +\\S.*#1`))
  const [one] = taskList.shape.tasks.parse(JSON.parse((await mainloop(['tasks', '--json'])).stdout))
  expect(must(one, 'a task')).toMatchObject({ id: task.task, state: { status: 'checking' } })
})

test('the log of an unknown task fails with a hint', async () => {
  expect(await mainloop(['logs', 'nothing000'])).toMatchObject({ exitCode: 1, stderr: 'There is no task nothing000. "mainloop tasks --all" lists them.' })
})

test('a log is followed until its task ends, and a second cancel is refused with the reason', async () => {
  const following = start(['logs', '-f', task.task])
  expect(await mainloop(['cancel', task.task])).toMatchObject({ exitCode: 0, stdout: 'The task is cancelled.' })
  expect((await following).exitCode).toBe(0)
  expect(await mainloop(['cancel', task.task])).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/cancelled/) })
  expect(await mainloop(['retry', task.task])).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/cancelled/) })
  expect(await mainloop(['ready', task.task])).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/cancelled|no commit/) })
})

test('the webhook command makes an address and a secret, with which GitHub can deliver', async () => {
  const { url, secret } = JSON.parse((await mainloop(['webhook', '--json'])).stdout) as { url: string, secret: string }
  expect(await system.github.webhooks.add(task.repository, { url, secret })).toMatchObject({ event: 'ping', status: 202 })
  expect((await mainloop(['webhook'])).stdout).toContain('Payload URL')
})

describe('the doctor', () => {
  const wrong = ({ stdout }: { stdout: string }) => stdout.split('\n').filter(line => line.startsWith('WRONG'))

  test('finds no problem in a correct setup', async () => {
    const report = await mainloop(['doctor', '--repository', task.repository])
    expect([report.exitCode, wrong(report)]).toEqual([0, []])
    for (const finding of [
      'every variable can be used',
      'knows this runner',
      'GitHub last delivered',
      'mainloop-fake\'s, with the scopes repo, workflow',
      `${task.repository} can be worked on, from main`,
      'accepts the API key',
    ])
      expect(report.stdout).toContain(finding)
  })

  test.each<[string, () => Record<string, string>, RegExp]>([
    ['a wrong runner token', () => ({ RUNNER_TOKEN: 'wrong' }), /edge: .*RUNNER_TOKEN/],
    ['an edge that is not there', () => ({ MAINLOOP_EDGE: 'http://127.0.0.1:1' }), /edge: http:\/\/127\.0\.0\.1:1 cannot be reached/],
    ['a wrong GitHub token', () => ({ GITHUB_TOKEN: 'ghp_wrong' }), /github: .*Set GITHUB_TOKEN to a new one/],
    ['no GitHub credential', () => ({ GITHUB_TOKEN: '' }), /configuration: .*Set GITHUB_APP_ID/],
    ['a wrong Claude key', () => ({ ANTHROPIC_API_KEY: 'wrong' }), /claude: .*does not accept ANTHROPIC_API_KEY/],
    ['a variable that cannot be used', () => ({ MAINLOOP_SLOTS: 'many' }), /configuration: MAINLOOP_SLOTS is "many"/],
  ])('says what to do about %s', async (_, env, finding) => {
    const report = await mainloop(['doctor'], env())
    expect([report.exitCode, wrong(report)]).toEqual([1, [expect.stringMatching(finding)]])
  })

  test('reports as JSON that an App is installed nowhere', async () => {
    const app = system.github.createApp('for-nobody')
    const { exitCode, stdout } = await mainloop(['doctor', '--json'], { GITHUB_APP_ID: app.id, GITHUB_APP_PRIVATE_KEY: app.privateKey })
    expect(exitCode).toBe(1)
    expect(JSON.parse(stdout)).toContainEqual({
      name: 'github',
      ok: false,
      say: expect.stringMatching(/^The GitHub App for-nobody is installed nowhere\. Install it at http/),
    })
  })
})

test('an unreachable edge is reported without a stack trace', async () => {
  for (const args of [['tasks'], ['webhook'], ['cancel', task.task]])
    expect(await mainloop(args, { MAINLOOP_EDGE: 'http://127.0.0.1:1' })).toMatchObject({ exitCode: 1, stderr: 'http://127.0.0.1:1 cannot be reached.' })
  // None of the commands above sent a request that GitHub's API does not have.
  expect(system.github.violations).toEqual([])
})
