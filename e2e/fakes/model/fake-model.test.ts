import type { FakeModel } from './fake-model.ts'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import Anthropic from '@anthropic-ai/sdk'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { conversationScript } from './conversation-script.ts'
import { startFakeModel } from './fake-model.ts'
import { workerScript } from './worker-script.ts'

const task = { message: 'Please add a farewell.', repository: 'ada/greetings', title: 'Add a farewell', brief: 'Say goodbye politely.' }
const work = {
  files: {},
  brief: task.brief,
  firstAttempt: [{ path: 'farewell.js', content: 'export const farewell = "Bye"\n' }],
  fix: [{ path: 'farewell.js', content: 'export const farewell = "Goodbye"\n' }],
  excerpt: 'expected Goodbye',
}
const tools: Anthropic.Tool[] = [{ name: 'spawn_task', description: '', input_schema: { type: 'object' } }]

let model: FakeModel
let client: Anthropic
let folder: string

beforeAll(async () => {
  model = await startFakeModel({ replies: [...conversationScript(task), ...workerScript(work)], charactersPerSecond: null })
  client = new Anthropic({ apiKey: 'fake-key', baseURL: model.url, maxRetries: 0 })
  folder = await mkdtemp(join(tmpdir(), 'model-'))
})
afterAll(async () => {
  await model.close()
  await rm(folder, { recursive: true })
})

function stream(...messages: Anthropic.MessageParam[]) {
  return client.messages.stream({ model: 'claude-sonnet-5-5', max_tokens: 1000, tools, messages })
}

async function reply(...messages: Anthropic.MessageParam[]): Promise<Anthropic.Message> {
  return await stream(...messages).finalMessage()
}

const hello: Anthropic.MessageParam = { role: 'user', content: 'Hello' }
const explain: Anthropic.MessageParam = { role: 'user', content: 'Explain the loop at length.' }

test('the reply to a message is a tool call, and the reply to the tool\'s result is text', async () => {
  const message: Anthropic.MessageParam = { role: 'user', content: task.message }
  const first = await reply(message)
  expect(first.stop_reason).toBe('tool_use')
  const use = first.content.find(block => block.type === 'tool_use')
  expect(use).toMatchObject({ name: 'spawn_task', input: { repository: 'ada/greetings', brief: task.brief } })

  const result: Anthropic.MessageParam = { role: 'user', content: [{ type: 'tool_result', tool_use_id: use?.id ?? '', content: 'Proposed.' }] }
  const second = await reply(message, { role: 'assistant', content: first.content }, result)
  expect(second).toMatchObject({ stop_reason: 'end_turn', content: [{ type: 'text', text: expect.stringContaining('The proposal stands here') }] })
})

test('a request without a scripted reply is refused', async () => {
  await expect(reply({ role: 'user', content: 'Sing.' })).rejects.toMatchObject({ status: 503 })
})

test('a worker writes the first attempt, and the fix only when its prompt has the failing log', async () => {
  await claude(`${work.brief}\nImplement the task completely.`)
  expect(await readFile(join(folder, 'farewell.js'), 'utf8')).toContain('"Bye"')

  const withoutLog = await claude('Checks failed on the commit you stand on.')
  expect(withoutLog).toMatchObject({ is_error: true })
  expect(await readFile(join(folder, 'farewell.js'), 'utf8')).toContain('"Bye"')

  const withLog = await claude('Checks failed on the commit you stand on.\nAssertionError: expected Goodbye')
  expect(withLog).toMatchObject({ is_error: false, result: expect.stringContaining('passes now') })
  expect(await readFile(join(folder, 'farewell.js'), 'utf8')).toContain('"Goodbye"')
})

async function claude(prompt: string): Promise<unknown> {
  const { stdout } = await execa(
    join(import.meta.dirname, '../../../node_modules/.bin/claude'),
    ['-p', prompt, '--output-format', 'json', '--permission-mode', 'acceptEdits', '--allowedTools', 'Bash,Read,Write,Edit'],
    {
      cwd: folder,
      preferLocal: false,
      stdin: 'ignore',
      reject: false,
      extendEnv: false,
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        TMPDIR: tmpdir(),
        CLAUDE_CONFIG_DIR: join(folder, '.config'),
        ANTHROPIC_API_KEY: 'fake-key',
        ANTHROPIC_BASE_URL: model.url,
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        CLAUDE_CODE_MAX_RETRIES: '0',
      },
    },
  )
  return JSON.parse(stdout)
}

test.each([
  ['a wrong key', { kind: 'unauthorized' }, 401, {}],
  ['a rate limit', { kind: 'rate-limited', retryAfterSeconds: 7 }, 429, { 'retry-after': '7' }],
  [
    'a usage limit',
    { kind: 'usage-limit', resetsAt: 1_800_000_000 },
    429,
    { 'anthropic-ratelimit-unified-status': 'rejected', 'anthropic-ratelimit-unified-reset': '1800000000' },
  ],
  ['an overload', { kind: 'overloaded' }, 529, {}],
] as const)('%s has the response of the real API, for one request', async (_, fault, status, headers) => {
  model.fail('conversation', fault)
  const failure = await reply(hello).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(Anthropic.APIError)
  const refused = failure as InstanceType<typeof Anthropic.APIError>
  expect(refused.status).toBe(status)
  expect(Object.fromEntries(refused.headers ?? [])).toMatchObject(headers)
  expect(await reply(hello)).toMatchObject({ stop_reason: 'end_turn' })
})

test('a cut stream breaks after some of the text', async () => {
  model.fail('conversation', { kind: 'cut', afterEvents: 20 })
  const cut = stream(explain)
  let text = ''
  cut.on('text', piece => text += piece)
  await expect(cut.finalMessage()).rejects.toThrow()
  expect(text.length).toBeGreaterThan(20)
})

test('a stalled stream gives some of the text and keeps the connection', async () => {
  model.fail('conversation', { kind: 'stall', afterEvents: 20 })
  const stalled = stream(explain)
  const { promise, resolve } = Promise.withResolvers<string>()
  let text = ''
  stalled.on('text', (piece) => {
    text += piece
    if (text.length > 60)
      resolve(text)
  })
  stalled.on('abort', () => {})
  expect((await promise).length).toBeLessThan(400)
  stalled.abort()
})

test('a client that leaves in the middle of its request does not disturb others', async () => {
  const { hostname, port } = new URL(model.url)
  const socket = connect(Number(port), hostname)
  await new Promise(resolve => socket.write('POST /v1/messages HTTP/1.1\r\nHost: model\r\nContent-Length: 100\r\n\r\n{', resolve))
  socket.destroy()
  expect(await reply(hello)).toMatchObject({ stop_reason: 'end_turn' })
})

test('dropping connections breaks a stream, and the next request gets its reply', async () => {
  model.fail('conversation', { kind: 'stall', afterEvents: 20 })
  const dropped = stream(explain)
  dropped.once('text', () => model.dropConnections())
  await expect(dropped.finalMessage()).rejects.toThrow()
  expect(await reply(hello)).toMatchObject({ stop_reason: 'end_turn' })
})

test('a malformed stream is an error of the client', async () => {
  model.fail('conversation', { kind: 'garbage' })
  await expect(reply(hello)).rejects.toThrow()
})
