import type { ScriptedReply } from './fakes/model/scripted-reply.ts'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { startFakeModel } from './fakes/model/fake-model.ts'
import { scriptedSteps } from './fakes/model/scripted-reply.ts'
import { startBearerProxy } from './harness/bearer-proxy.ts'
import { startEdge } from './harness/edge.ts'
import { freePort } from './harness/free-port.ts'
import { openLog } from './harness/log.ts'

const SECRET = 'setup-secret-of-the-mcp-spec'
const stack = new AsyncDisposableStack()
let folder: string
let mcp: string
let token: string
let modelUrl: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainloop-mcp-'))
  stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  const model = await startFakeModel({ replies: SCRIPT, charactersPerSecond: null })
  stack.defer(model.close)
  modelUrl = model.url
  const log = await openLog('mcp')
  const edge = await startEdge({
    port: await freePort(),
    state: join(folder, 'state'),
    vars: { SETUP_SECRET: SECRET, RUNNER_TOKEN: 'runner-token', ANTHROPIC_API_KEY: 'fake-key', ANTHROPIC_BASE_URL: model.url },
    log: log.of('edge'),
  })
  stack.defer(edge.stop)
  mcp = `${edge.url}/mcp`
  token = await createToken(edge.url)
})
afterAll(() => stack.disposeAsync())

/** The tools have the names under which Claude Code knows those of a server: `mcp__<server>__<tool>`. */
const SCRIPT: ScriptedReply[] = [
  ...scriptedSteps('asked to propose', ({ prompt }) => prompt.includes('Propose a change'), [
    () => ({
      text: 'I will.',
      toolUses: [{ tool: 'mcp__mainloop__spawn_task', input: { repository: 'ada/greetings', title: 'Greet in Welsh', brief: 'Add Welsh.' } }],
    }),
    () => ({ text: 'Proposed.' }),
  ]),
  ...scriptedSteps('asked for the tasks', ({ prompt }) => prompt.includes('Which tasks are there'), [
    () => ({ text: 'Let me look.', toolUses: [{ tool: 'mcp__mainloop__list_tasks', input: {} }] }),
    ({ results }) => ({ text: `The server says: ${results.at(-1)}` }),
  ]),
]

test('the conformance suite of MCP fails only for features that are not offered', async () => {
  const proxy = await startBearerProxy(mcp, token)
  stack.defer(proxy.close)
  const { exitCode, all } = await run('conformance', [
    'server',
    '--url',
    `${proxy.url}/mcp`,
    '--expected-failures',
    'e2e/mcp-conformance-baseline.yml',
    '-o',
    join(folder, 'conformance'),
  ])
  expect(exitCode, all).toBe(0)
})

test('the inspector lists the tools, calls one, and reports the error of a tool', async () => {
  const inspect = (...args: string[]) => run('mcp-inspector', ['--cli', mcp, '--transport', 'http', '--header', `Authorization: Bearer ${token}`, ...args])
  const { stdout: listed } = await inspect('--method', 'tools/list')
  expect(listed).toContain('spawn_task')
  const { stdout, exitCode } = await inspect('--method', 'tools/call', '--tool-name', 'list_repos')
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining('No task was about a repository yet')])
  const failed = await inspect('--method', 'tools/call', '--tool-name', 'get_task', '--tool-arg', 'task=nothing000')
  expect([failed.exitCode, failed.stdout]).toEqual([5, expect.stringContaining('Call list_tasks')])
})

test('a client that asks for a stream is told at once that there is none', async () => {
  const response = await fetch(mcp, { headers: { Authorization: `Bearer ${token}`, Accept: 'text/event-stream' } })
  expect([response.status, response.headers.get('Allow')]).toEqual([405, 'POST'])
})

test('the real Claude Code adds the server, proposes a task that does not start, and lists it', async () => {
  const added = await claude('mcp', 'add', '--transport', 'http', 'mainloop', mcp, '--header', `Authorization: Bearer ${token}`)
  expect(added.exitCode, added.all).toBe(0)
  await claude('-p', 'Propose a change to ada/greetings', ...PRINT)
  const { stdout } = await claude('-p', 'Which tasks are there?', ...PRINT)
  expect(JSON.parse(stdout)).toMatchObject({
    is_error: false,
    result: expect.stringMatching(/"Greet in Welsh" on ada\/greetings: waits for you to start it/),
    permission_denials: [],
  })
})

const PRINT = ['--output-format', 'json', '--permission-mode', 'dontAsk', '--allowedTools', 'mcp__mainloop__list_tasks,mcp__mainloop__spawn_task']

function claude(...args: string[]) {
  return run('claude', args, {
    HOME: folder,
    TMPDIR: folder,
    CLAUDE_CONFIG_DIR: join(folder, 'claude'),
    ANTHROPIC_API_KEY: 'fake-key',
    ANTHROPIC_BASE_URL: modelUrl,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    CLAUDE_CODE_MAX_RETRIES: '1',
    ENABLE_TOOL_SEARCH: 'false',
  })
}

function run(file: string, args: string[], env: Record<string, string> = {}) {
  const { PATH = '' } = process.env
  return execa(file, args, { preferLocal: true, all: true, reject: false, stdin: 'ignore', extendEnv: false, env: { PATH, HOME: folder, ...env } })
}

async function createToken(edge: string): Promise<string> {
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(edge + path, { method: 'POST', headers: { Origin: edge, ...headers }, body: JSON.stringify(body) })
  const paired = await post('/api/pair', { secret: SECRET, name: 'Laptop' })
  const cookie = must(paired.headers.get('set-cookie')?.split(';')[0], 'a cookie')
  const created = await post('/api/tokens', { kind: 'mcp', name: 'Claude Code', scopes: ['read', 'write'] }, { Cookie: cookie })
  const { token: secret } = await created.json() as { token: string }
  return secret
}
