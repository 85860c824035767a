import type { IncomingMessage, RequestListener } from 'node:http'
import type { Allowance } from './ledger.ts'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { MODEL_PRICES } from '#shared/model/model-prices.ts'
import { createAttemptTokens } from './attempt-token.ts'
import { createGateway } from './gateway.ts'
import { createLedger } from './ledger.ts'
import { listen } from './listen.ts'

const NOON = Date.parse('2026-11-23T12:00:00Z')
const ATTEMPT = { task: 'abcdefghij', attempt: 2 }
const OTHER = { task: 'klmnopqrst', attempt: 1 }
const HOST = { host: '127.0.0.1', port: 0 }
const bugs: unknown[] = []
afterEach(() => expect(bugs).toEqual([]))
const tokens = createAttemptTokens('the runner\'s secret')

function allowance(fields: Partial<Allowance> = {}): Allowance {
  return {
    ...ATTEMPT,
    budgetUsd: 5,
    spent: { costUsd: 0, inputTokens: 0, outputTokens: 0 },
    ended: false,
    ...fields,
  }
}

interface Ask { token?: string, path?: string, method?: string, headers?: Record<string, string>, signal?: AbortSignal }

async function start(model: RequestListener, { admitted = [allowance()], credential = { apiKey: 'the-real-key', oauthToken: null }, dayBudgetUsd = 100 }: {
  admitted?: Allowance[] | null
  credential?: { apiKey: string | null, oauthToken: string | null }
  dayBudgetUsd?: number
} = {}) {
  const upstream = createServer(model)
  const upstreamPort = await listen(upstream, HOST, '')
  const ledger = createLedger({ dayBudgetUsd, now: () => NOON })
  if (admitted)
    ledger.admit(admitted)
  const gateway = createGateway({
    upstream: `http://127.0.0.1:${upstreamPort}`,
    credential,
    prices: MODEL_PRICES,
    tokens,
    ledger,
    now: () => NOON,
    bug: error => bugs.push(error),
  })
  const port = await listen(gateway, HOST, '')
  onTestFinished(() => {
    for (const server of [gateway, upstream]) {
      server.closeAllConnections()
      server.close()
    }
  })
  const ask = ({ token = tokens.of(ATTEMPT), path = '/v1/messages?beta=true', method = 'POST', headers = { 'x-api-key': token }, signal }: Ask = {}) =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01', ...headers },
      ...(method === 'POST' && { body: '{"stream":true}' }),
      ...(signal && { signal }),
    })
  return { ledger, gateway, upstream, ask }
}

function sse(event: { type: string, [field: string]: unknown }): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
}

function messageStart(usage: object, model = 'claude-sonnet-5-5'): string {
  return sse({ type: 'message_start', message: { model, usage: { output_tokens: 1, ...usage } } })
}
const delta = (text: string): string => sse({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })
const messageDelta = (usage: object): string => sse({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage })

/** A whole answer in one write: 1 million tokens in, 100,000 out, 3 dollars. */
const THREE_DOLLARS = [messageStart({ input_tokens: 1_000_000 }), delta('Hello'), messageDelta({ output_tokens: 100_000 }), sse({ type: 'message_stop' })].join(
  '',
)

function answers(...parts: string[]): RequestListener {
  return (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(parts.join(''))
  }
}

test('the real key replaces the worker\'s token, and only harmless headers go on', async () => {
  const seen: IncomingMessage[] = []
  const { ask } = await start((request, response) => {
    seen.push(request)
    answers(THREE_DOLLARS)(request, response)
  })
  const answer = await ask({
    headers: { 'x-api-key': tokens.of(ATTEMPT), 'cookie': 'a=b', 'x-forwarded-for': '1.2.3.4', 'anthropic-beta': 'one', 'x-app': 'cli' },
  })
  expect(await answer.text()).toBe(THREE_DOLLARS)
  expect(seen[0]?.url).toBe('/v1/messages?beta=true')
  expect(seen[0]?.headers).toMatchObject({ 'x-api-key': 'the-real-key', 'anthropic-version': '2023-06-01', 'anthropic-beta': 'one', 'x-app': 'cli' })
  expect(seen[0]?.headers).not.toHaveProperty('cookie')
  expect(seen[0]?.headers).not.toHaveProperty('x-forwarded-for')
  expect(JSON.stringify(seen[0]?.rawHeaders)).not.toContain(tokens.of(ATTEMPT))
})

test('a probe is answered without a token and before any attempt is known', async () => {
  const { ask } = await start(answers(), { admitted: null })
  expect((await ask({ path: '/healthz', method: 'GET', token: '' })).status).toBe(204)
})

test('a subscription\'s token is sent as a bearer token with its beta header', async () => {
  const seen: IncomingMessage[] = []
  const { ask } = await start((request, response) => {
    seen.push(request)
    answers(THREE_DOLLARS)(request, response)
  }, { credential: { apiKey: null, oauthToken: 'the-real-token' } })
  await (await ask({ headers: { 'authorization': `Bearer ${tokens.of(ATTEMPT)}`, 'anthropic-beta': 'one' } })).text()
  expect(seen[0]?.headers).toMatchObject({ 'authorization': 'Bearer the-real-token', 'anthropic-beta': 'one,oauth-2025-04-20' })
  expect(seen[0]?.headers).not.toHaveProperty('x-api-key')
})

test.each<[string, Ask, { admitted?: Allowance[] | null, credential?: { apiKey: null, oauthToken: null } }, number]>([
  ['no token', { token: '' }, {}, 401],
  ['the real key', { token: 'the-real-key' }, {}, 401],
  ['the token of an attempt that is not under way', { token: tokens.of(OTHER) }, {}, 401],
  ['the token of an earlier attempt of the same task', { token: tokens.of({ ...ATTEMPT, attempt: 1 }) }, {}, 401],
  ['a token made with another secret', { token: createAttemptTokens('a guess').of(ATTEMPT) }, {}, 401],
  ['a token with another attempt\'s name on it', { token: tokens.of(OTHER).replace('klmnopqrst-1', 'abcdefghij-2') }, {}, 401],
  ['another path of the API', { path: '/v1/files' }, {}, 404],
  ['a path with ..', { path: '/v1/messages/../files' }, {}, 404],
  ['an invalid path', { path: '//' }, {}, 404],
  ['another method', { method: 'GET' }, {}, 404],
  ['another method on the path of probes', { path: '/healthz' }, {}, 404],
  ['a request before any attempt is known', {}, { admitted: null }, 503],
  ['a request when the runner has no credential', {}, { credential: { apiKey: null, oauthToken: null } }, 401],
  ['a request of an attempt whose worker is gone', {}, { admitted: [allowance({ ended: true })] }, 401],
  ['a request of an attempt without budget', {}, { admitted: [allowance({ budgetUsd: 0 })] }, 402],
])('%s never reaches the model', async (_, request, options, status) => {
  let reached = 0
  const { ask } = await start((request, response) => {
    reached += 1
    answers(THREE_DOLLARS)(request, response)
  }, options)
  const answer = await ask(request)
  expect([answer.status, reached]).toEqual([status, 0])
  expect(await answer.json()).toMatchObject({ type: 'error', error: { type: expect.any(String), message: expect.stringMatching(/\w/) } })
})

test('each event reaches the worker before the model sends the next', async () => {
  const events = [messageStart({ input_tokens: 10 }), delta('one'), delta('two')]
  const { ask } = await start((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.flushHeaders()
    next.push(() => void response.write(must(events.shift(), 'an event')))
  })
  const next: (() => void)[] = []
  const answer = await ask()
  const reader = must(answer.body, 'a body').pipeThrough(new TextDecoderStream()).getReader()
  for (const event of [...events]) {
    must(next[0], 'a model that was asked')()
    expect((await reader.read()).value).toBe(event)
  }
  await reader.cancel()
})

test('a stream is charged while it runs, and corrected by the final counts', async () => {
  let end = (): void => {}
  const { ask, ledger } = await start((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(messageStart({ input_tokens: 10, cache_read_input_tokens: 1000, cache_creation_input_tokens: 100 }) + delta('x'.repeat(5000)))
    end = () => response.end(messageDelta({ output_tokens: 2000 }) + sse({ type: 'message_stop' }))
  })
  const answer = await ask()
  const reader = must(answer.body, 'a body').getReader()
  await reader.read()
  expect(ledger.spent(ATTEMPT)).toMatchObject({ inputTokens: 1110, outputTokens: expect.closeTo(1000, -2) })
  end()
  while (!(await reader.read()).done);
  expect(ledger.spent(ATTEMPT)).toEqual({
    inputTokens: 1110,
    outputTokens: 2000,
    costUsd: expect.closeTo((10 * 2 + 1000 * 0.1 + 100 * 2.5 + 2000 * 10) / 1e6, 12),
  })
})

test('an answer that is no stream is charged too', async () => {
  const { ask, ledger } = await start((_, response) => {
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ model: 'claude-sonnet-5-5', content: [], usage: { input_tokens: 1_000_000, output_tokens: 0 } }))
  })
  await (await ask()).json()
  expect(ledger.spent(ATTEMPT)).toMatchObject({ costUsd: 2, inputTokens: 1_000_000 })
})

test('an answer that overruns the budget is cut, and the next request is refused', async () => {
  let closed: Promise<unknown> | null = null
  const { ask, ledger } = await start((request, response) => {
    closed = once(response, 'close')
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(messageStart({ input_tokens: 3_000_000 }))
  })
  const text = await (await ask()).text()
  expect(text).not.toContain('message_start')
  expect(text).toContain(
    'event: error\ndata: {"type":"error","error":{"type":"billing_error","message":"The task\'s budget is used up: this attempt had $5.00 of it left."}}',
  )
  // The request to the model ends too.
  await closed
  expect(ledger.refusal(ATTEMPT)).toMatchObject({ kind: 'budget' })
  expect((await ask()).status).toBe(402)
})

test('a complete answer is passed on although it used up the budget', async () => {
  const { ask } = await start(answers(THREE_DOLLARS), { admitted: [allowance({ budgetUsd: 3 })] })
  expect(await (await ask()).text()).toBe(THREE_DOLLARS)
  expect((await ask()).status).toBe(402)
})

test('a used-up day\'s budget stops the requests of all attempts until the next day', async () => {
  const { ask, ledger } = await start(answers(THREE_DOLLARS), { admitted: [allowance(), allowance(OTHER)], dayBudgetUsd: 4 })
  await (await ask()).text()
  await (await ask({ token: tokens.of(OTHER) })).text()
  const refused = await ask({ token: tokens.of(OTHER) })
  expect(refused.status).toBe(429)
  expect(refused.headers.get('anthropic-ratelimit-unified-reset')).toBe(String(Date.parse('2026-11-24') / 1000))
  expect(await refused.text()).toContain('The day\'s budget of $4.00 for all tasks is used up.')
  expect(ledger.refusal(OTHER)).toMatchObject({ kind: 'day', until: Date.parse('2026-11-24') })
})

test('a usage limit is passed on unchanged, and no request goes out before its reset', async () => {
  const reset = NOON / 1000 + 600
  let requests = 0
  const { ask, ledger } = await start((_, response) => {
    requests += 1
    response.writeHead(429, {
      'content-type': 'application/json',
      'anthropic-ratelimit-unified-status': 'rejected',
      'anthropic-ratelimit-unified-reset': String(reset),
      'anthropic-ratelimit-unified-representative-claim': 'five_hour',
    }).end('{"type":"error"}')
  }, { admitted: [allowance(), allowance(OTHER)] })
  const first = await ask()
  expect([first.status, await first.text()]).toEqual([429, '{"type":"error"}'])
  expect(ledger.refusal(ATTEMPT)).toEqual({ kind: 'limit', until: reset * 1000, why: 'The Claude account\'s five-hour usage limit is used up.' })
  expect((await ask({ token: tokens.of(OTHER) })).status).toBe(429)
  expect(requests).toBe(1)
})

test('a short rate limit is passed on and stops no other request', async () => {
  const { ask, ledger } = await start((_, response) => void response.writeHead(429, { 'retry-after': '3' }).end('slow down'))
  const answer = await ask()
  expect([answer.status, answer.headers.get('retry-after'), await answer.text()]).toEqual([429, '3', 'slow down'])
  expect(ledger.attemptStatus(ATTEMPT)).toEqual({ kind: 'open' })
})

test('an unreachable model is a 502 that says so', async () => {
  const { ask, upstream } = await start(() => {})
  upstream.close()
  await once(upstream, 'close')
  const answer = await ask()
  expect([answer.status, await answer.text()]).toEqual([502, expect.stringContaining('The model cannot be reached')])
})

test('an answer that breaks off at the model breaks off for the worker', async () => {
  const { ask } = await start((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(messageStart({ input_tokens: 1 }), () => response.destroy())
  })
  await expect(ask().then(answer => answer.text())).rejects.toThrow()
})

test('a request ends when its worker disconnects and when its attempt is over', async () => {
  const closed: Promise<unknown>[] = []
  const { ask, ledger } = await start((_, response) => {
    closed.push(once(response, 'close'))
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(messageStart({ input_tokens: 1 }))
  })
  const leaving = new AbortController()
  await ask({ signal: leaving.signal })
  leaving.abort()
  await closed[0]

  const answer = await ask()
  ledger.admit([allowance(OTHER)])
  await closed[1]
  await expect(answer.text()).rejects.toThrow()
  expect((await ask()).status).toBe(401)
})

test('one attempt may have eight requests under way', async () => {
  const { ask } = await start((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
  }, { admitted: [allowance(), allowance(OTHER)] })
  await Promise.all(Array.from({ length: 8 }, () => ask()))
  expect((await ask()).status).toBe(429)
  expect((await ask({ token: tokens.of(OTHER) })).status).toBe(200)
})
