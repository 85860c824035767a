import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ModelEvent, ModelRequest } from './model.ts'
import { createServer } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { collect } from '../testing/collect.ts'
import { createAnthropicModel } from './anthropic.ts'

const NOW = Date.UTC(2026, 10, 23, 12)

const hello: ModelRequest = {
  system: ['Be kind.'],
  messages: [{ role: 'user', content: [{ kind: 'text', text: 'Hello?' }] }],
  tools: [{ name: 'list_tasks', description: 'Lists.', inputSchema: { type: 'object', properties: {} } }],
  useTools: 'freely',
}

const START = { type: 'message_start', message: { usage: { input_tokens: 9, output_tokens: 1, cache_read_input_tokens: 4, cache_creation_input_tokens: 3 } } }
const TEXT = { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }
const ended = (reason: string) => [{ type: 'message_delta', delta: { stop_reason: reason }, usage: { output_tokens: 7 } }, { type: 'message_stop' }]
const delta = (index: number, piece: object) => ({ type: 'content_block_delta', index, delta: piece })
const textDelta = (text: string) => delta(0, { type: 'text_delta', text })

test('text streams, calls are complete, thinking is kept for the next round, and usage is counted', async () => {
  const events = await ask(stream([
    START,
    TEXT,
    textDelta('Hel'),
    { type: 'ping' },
    { type: 'something_new', index: 3 },
    textDelta('lo.'),
    { type: 'content_block_stop', index: 0 },
    { type: 'content_block_start', index: 1, content_block: { type: 'thinking', thinking: '', signature: '' } },
    delta(1, { type: 'thinking_delta', thinking: 'Hm.' }),
    delta(1, { type: 'signature_delta', signature: 'abc' }),
    { type: 'content_block_start', index: 2, content_block: { type: 'tool_use', id: 'toolu_1', name: 'list_tasks', input: {} } },
    delta(2, { type: 'input_json_delta', partial_json: '{"which":' }),
    delta(2, { type: 'input_json_delta', partial_json: '"all"}' }),
    ...ended('tool_use'),
  ]))
  expect(events).toEqual([
    { kind: 'text', text: 'Hel' },
    { kind: 'text', text: 'lo.' },
    {
      kind: 'end',
      stop: 'tools',
      content: [
        { kind: 'text', text: 'Hello.' },
        { kind: 'opaque', value: { type: 'thinking', thinking: 'Hm.', signature: 'abc' } },
        { kind: 'tool-call', id: 'toolu_1', name: 'list_tasks', input: { which: 'all' } },
      ],
      usage: { inputTokens: 9, outputTokens: 7, cacheReadTokens: 4, cacheWriteTokens: 3 },
    },
  ])
})

test('the request has cache marks and returns blocks unchanged', async () => {
  const bodies: unknown[] = []
  const thinking = { type: 'thinking', thinking: 'Hm.', signature: 'abc' }
  await ask(stream([START, ...ended('end_turn')]), {
    ...hello,
    useTools: 'never',
    messages: [
      ...hello.messages,
      { role: 'assistant', content: [{ kind: 'opaque', value: thinking }, { kind: 'tool-call', id: 'a', name: 'list_tasks', input: 'not {' }] },
      { role: 'user', content: [{ kind: 'tool-result', id: 'a', text: 'No.', isError: true }] },
      { role: 'user', content: [{ kind: 'image', mime: 'image/png', base64: 'aGk=' }, { kind: 'document', name: 'notes.txt', text: 'Tabs.' }] },
    ],
  }, body => bodies.push(body))
  const cache = { cache_control: { type: 'ephemeral' } }
  expect(bodies).toEqual([expect.objectContaining({
    model: 'claude-test',
    stream: true,
    tool_choice: { type: 'none' },
    system: [{ type: 'text', text: 'Be kind.', ...cache }],
    messages: [
      { role: 'user', content: [{ type: 'text', text: 'Hello?' }] },
      { role: 'assistant', content: [thinking, { type: 'tool_use', id: 'a', name: 'list_tasks', input: { unreadable: 'not {' } }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: 'No.', is_error: true }] },
      { role: 'user', content: [
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'aGk=' } },
        { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'Tabs.' }, title: 'notes.txt', ...cache },
      ] },
    ],
  })])
})

test.each([
  ['end_turn', 'done'],
  ['stop_sequence', 'done'],
  ['tool_use', 'tools'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['refusal', 'refused'],
])('a reply that ends with %s is %s', async (reason, stop) => {
  expect(await ask(stream([START, TEXT, textDelta('Hi'), ...ended(reason)]))).toContainEqual(expect.objectContaining({ kind: 'end', stop }))
})

test('arguments that are not JSON reach the tool as a string', async () => {
  const events = await ask(stream([
    START,
    { type: 'content_block_start', index: 0, content_block: { type: 'tool_use', id: 'a', name: 'list_tasks', input: {} } },
    delta(0, { type: 'input_json_delta', partial_json: '{"which": "al' }),
    ...ended('tool_use'),
  ]))
  expect(events.at(-1)).toMatchObject({ content: [{ kind: 'tool-call', input: '{"which": "al' }] })
})

const error = (type: string, message: string) => ({ type: 'error', error: { type, message } })

test.each<[string, Answer, object]>([
  ['401', refuse(401, error('authentication_error', 'invalid x-api-key')), { kind: 'credential', message: expect.stringContaining('ANTHROPIC_API_KEY') }],
  ['403', refuse(403, error('permission_error', 'no')), { kind: 'credential' }],
  ['402', refuse(402, error('billing_error', 'pay')), { kind: 'balance', message: expect.stringContaining('credit') }],
  ['400 for an empty balance', refuse(400, error('invalid_request_error', 'Your credit balance is too low to access the API.')), { kind: 'balance' }],
  ['400', refuse(400, error('invalid_request_error', 'prompt is too long')), { kind: 'bad-request', message: expect.stringContaining('prompt is too long') }],
  ['404', refuse(404, error('not_found_error', 'model: claude-test')), { kind: 'bad-request', message: expect.stringContaining('MODEL') }],
  ['413', refuse(413, error('request_too_large', 'too large')), { kind: 'bad-request' }],
  ['429 with seconds', refuse(429, error('rate_limit_error', 'slow'), { 'retry-after': '30' }), { kind: 'rate-limited', retryAt: NOW + 30_000 }],
  [
    '429 with a date',
    refuse(429, error('rate_limit_error', 'slow'), { 'retry-after': new Date(NOW + 60_000).toUTCString() }),
    { kind: 'rate-limited', retryAt: NOW + 60_000 },
  ],
  [
    '429 with a reset',
    refuse(429, error('rate_limit_error', 'slow'), { 'anthropic-ratelimit-unified-reset': String(NOW / 1000 + 90) }),
    { kind: 'rate-limited', retryAt: NOW + 90_000 },
  ],
  ['429 with nonsense', refuse(429, error('rate_limit_error', 'slow'), { 'retry-after': 'soon' }), { kind: 'rate-limited', retryAt: null }],
  ['529', refuse(529, error('overloaded_error', 'busy')), { kind: 'overloaded', retryAt: null }],
  ['500', refuse(500, error('api_error', 'oops')), { kind: 'unavailable' }],
  ['a page of HTML with 503', refuse(503, '<html>'), { kind: 'unavailable' }],
  ['an overload in the middle', stream([START, TEXT, textDelta('Hi'), error('overloaded_error', 'busy')]), { kind: 'overloaded' }],
  ['an error in the middle', stream([START, TEXT, textDelta('Hi'), error('api_error', 'oops')]), { kind: 'cut' }],
  ['a stream that ends too early', stream([START, TEXT, textDelta('Hi')]), { kind: 'cut', message: expect.stringContaining('broke off') }],
  ['a connection closed in the middle', cutAfter([START, TEXT, textDelta('Hi')]), { kind: 'cut', message: expect.stringContaining('broke off') }],
  ['a stream of nothing', stream([]), { kind: 'cut' }],
  ['an event that is not JSON', raw('event: message_start\ndata: {oops\n\n'), { kind: 'cut', message: expect.stringContaining('understood') }],
  ['an event without what it needs', stream([{ type: 'message_start' }]), { kind: 'cut', message: expect.stringContaining('understood') }],
  [
    'an unknown kind of block',
    stream([START, { type: 'content_block_start', index: 0, content_block: { type: 'hologram' } }]),
    { kind: 'cut', message: expect.stringContaining('understood') },
  ],
  ['text for no block', stream([START, textDelta('Hi')]), { kind: 'cut', message: expect.stringContaining('understood') }],
  ['an unknown end', stream([START, ...ended('bored')]), { kind: 'cut', message: expect.stringContaining('understood') }],
])('%s is a failure of its kind', async (_, answer, failure) => {
  const events = await ask(answer)
  expect(events.at(-1)).toMatchObject({ kind: 'end', stop: 'error', failure })
  expect(events.filter(({ kind }) => kind === 'end')).toHaveLength(1)
})

test('silence in the middle of a reply is a failure while the connection stays open', async () => {
  const model = await serve(silent([START, TEXT, textDelta('Hi')]), { idleTimeoutMs: 100 })
  expect((await collect(model(hello, new AbortController().signal))).at(-1))
    .toMatchObject({ stop: 'error', failure: { kind: 'unavailable', message: expect.stringContaining('silent') } })
})

test('the usage of a broken reply is counted', async () => {
  expect((await ask(stream([START]))).at(-1)).toMatchObject({ usage: { inputTokens: 9, outputTokens: 1 } })
})

test('an unreachable server is a failure, not an exception', async () => {
  const model = createAnthropicModel({ apiKey: 'key', baseURL: 'http://127.0.0.1:9', model: 'claude-test', now: () => NOW })
  expect(await collect(model(hello, new AbortController().signal))).toMatchObject([
    { kind: 'end', stop: 'error', failure: { kind: 'unavailable', message: expect.stringContaining('ANTHROPIC_BASE_URL') } },
  ])
})

test('an abort ends the reply at once and closes the connection', async () => {
  const { promise: closed, resolve } = Promise.withResolvers<void>()
  const model = await serve((response) => {
    response.on('close', resolve)
    send(response, [START, TEXT, textDelta('Hi')])
  })
  const abort = new AbortController()
  const events: ModelEvent[] = []
  for await (const event of model(hello, abort.signal)) {
    events.push(event)
    abort.abort()
  }
  expect(events).toMatchObject([{ kind: 'text', text: 'Hi' }, { kind: 'end', stop: 'aborted' }])
  await closed
})

interface StreamEvent { type: string, [field: string]: unknown }
type Answer = (response: ServerResponse) => void

const opened: (() => void)[] = []

afterEach(() => opened.splice(0).forEach(close => close()))

async function ask(answer: Answer, request = hello, onBody: (body: unknown) => void = () => {}): Promise<ModelEvent[]> {
  const model = await serve(answer, { onBody })
  return collect(model(request, new AbortController().signal))
}

async function serve(answer: Answer, { onBody, idleTimeoutMs = 60_000 }: { onBody?: (body: unknown) => void, idleTimeoutMs?: number } = {}) {
  const server = createServer(async (request, response) => {
    const body = String(Buffer.concat(await collect<Uint8Array>(request)))
    onBody?.(JSON.parse(body))
    answer(response)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  opened.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return createAnthropicModel({ apiKey: 'key', baseURL: `http://127.0.0.1:${port}`, model: 'claude-test', now: () => NOW, idleTimeoutMs })
}

function stream(events: readonly StreamEvent[]): Answer {
  return response => void send(response, events).end()
}

function silent(events: readonly StreamEvent[]): Answer {
  return response => void send(response, events)
}

function cutAfter(events: readonly StreamEvent[]): Answer {
  return response => void send(response, events).write(': more is coming\n\n', () => response.destroy())
}

function raw(text: string): Answer {
  return response => void response.writeHead(200, { 'content-type': 'text/event-stream' }).end(text)
}

function refuse(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return response =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(typeof body === 'string' ? body : JSON.stringify(body))
}

function send(response: ServerResponse, events: readonly StreamEvent[]): ServerResponse {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write(events.map(event => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''))
  return response
}
