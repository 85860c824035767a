import { Buffer } from 'node:buffer'
import { createServer } from 'node:http'
import { performance } from 'node:perf_hooks'
import process from 'node:process'
import { setImmediate } from 'node:timers/promises'
import { must } from '#shared/lib/must.ts'
import { MODEL_PRICES } from '#shared/model/model-prices.ts'
import { runnerDown } from '#shared/protocol/runner.ts'
import { STATES } from '#shared/testing/build-task.ts'
import { createAttemptTokens } from '../../runner/gateway/attempt-token.ts'
import { createGateway } from '../../runner/gateway/gateway.ts'
import { createLedger } from '../../runner/gateway/ledger.ts'
import { listen } from '../../runner/gateway/listen.ts'
import { reconcile } from '../../runner/reconcile/reconcile.ts'
import { createLoadFixture } from '../../runner/reconcile/testing/load-fixture.ts'
import { openCluster } from '../kubernetes/open-cluster.ts'
import { benchJobs } from './runner-jobs.ts'
import { median } from './statistics.ts'

/** Limits of the runner's cost over a direct connection to the model, and of a pass over a thousand tasks. */
const TARGETS = { firstByteMs: 5, requestMs: 5, streamedMbMs: 25, passMs: 100, residentMb: 300, requestsAPass: 50 * 6, confirmedToJobRatio: 3 }

const REQUESTS = 300
const STREAMS = 10
const STREAM_MB = 4
const TASKS = 1000
const PASSES = 50

const pass = await benchPass()
const gateway = await benchGateway()
const jobs = await jobsIfPossible()

console.table({
  'first byte, p50 ms': row(gateway.direct.firstByteMs, gateway.through.firstByteMs),
  'whole short request, p50 ms': row(gateway.direct.requestMs, gateway.through.requestMs),
  'streamed megabyte, p50 ms': row(gateway.direct.megabyteMs, gateway.through.megabyteMs),
  [`pass over ${TASKS} tasks that wait (baseline: reading them from the wire), p50 ms`]: row(pass.parseMs, pass.quietMs),
  [`pass over ${TASKS} tasks that are all due, p50 ms`]: row(pass.parseMs, pass.busyMs),
  ...jobs && { 'a confirmed task to its Job (baseline: one bare createNamespacedJob), p50 ms': row(jobs.bareMs, jobs.confirmedMs) },
})
const figures = {
  firstByteMs: gateway.through.firstByteMs - gateway.direct.firstByteMs,
  requestMs: gateway.through.requestMs - gateway.direct.requestMs,
  streamedMbMs: gateway.through.megabyteMs - gateway.direct.megabyteMs,
  passMs: Math.max(pass.quietMs, pass.busyMs),
  residentMb: pass.residentMb,
  requestsAPass: pass.requests,
  ...jobs && { confirmedToJobRatio: jobs.confirmedMs / jobs.bareMs },
}
const missed = Object.entries(TARGETS)
  .filter(([name, target]) => Object.entries(figures).some(([key, figure]) => key === name && !(figure <= target)))
  .map(([name]) => name)
console.log(JSON.stringify({ bench: 'runner', figures: rounded(figures), targets: TARGETS, missed }))
process.exit(missed.length === 0 ? 0 : 1)

/** Null, with a warning, where no cluster can run. */
async function jobsIfPossible(): Promise<{ bareMs: number, confirmedMs: number } | null> {
  const cluster = await openCluster()
  if (cluster.access === null) {
    console.warn(`\n*** MISSING: the row about Jobs. ${cluster.why} ***\n`)
    return null
  }
  const { bareMs, confirmedMs } = await benchJobs(cluster.access)
  await cluster.close()
  return { bareMs: median(bareMs), confirmedMs: median(confirmedMs) }
}

/** Sends the same requests directly to a model that answers at once, and through the gateway. */
async function benchGateway() {
  const start = encodeEvent({ type: 'message_start', message: { model: 'claude-sonnet-5-5', usage: { input_tokens: 10, output_tokens: 1 } } })
  const delta = encodeEvent({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'twenty letters of it' } })
  const megabyte = Buffer.from(delta.repeat(1_000_000 / delta.length))
  const model = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(start)
      for (let i = 0; i < Number(request.headers['x-app'] ?? 0); i++)
        response.write(megabyte)
      response.end(encodeEvent({ type: 'message_stop' }))
    })
  })
  const loopback = { host: '127.0.0.1', port: 0 }
  const attempt = { task: 'abcdefghij', attempt: 1 }
  const tokens = createAttemptTokens('secret')
  const ledger = createLedger({ dayBudgetUsd: Infinity, now: Date.now })
  ledger.admit([{ ...attempt, budgetUsd: Infinity, spent: { costUsd: 0, inputTokens: 0, outputTokens: 0 }, ended: false }])
  const upstream = `http://127.0.0.1:${await listen(model, loopback, '')}`
  const server = createGateway({
    upstream,
    credential: { apiKey: 'key', oauthToken: null },
    prices: MODEL_PRICES,
    tokens,
    ledger,
    now: Date.now,
    bug: console.error,
  })
  const through = `http://127.0.0.1:${await listen(server, loopback, '')}`

  async function ask(url: string, megabytes: number): Promise<{ firstByteMs: number, wholeMs: number }> {
    const began = performance.now()
    const answer = await fetch(`${url}/v1/messages`, {
      method: 'POST',
      headers: { 'x-api-key': tokens.of(attempt), 'x-app': String(megabytes) },
      body: '{"stream":true}',
    })
    const reader = must(answer.body, 'a body').getReader()
    await reader.read()
    const firstByteMs = performance.now() - began
    while (!(await reader.read()).done);
    return { firstByteMs, wholeMs: performance.now() - began }
  }

  const requested = { [upstream]: [], [through]: [] } as Record<string, { firstByteMs: number, wholeMs: number }[]>
  const streamed = { [upstream]: [], [through]: [] } as Record<string, number[]>
  // The two take turns, so that other load on the machine affects both.
  for (let i = 0; i < REQUESTS; i++) {
    for (const url of [upstream, through])
      requested[url]?.push(await ask(url, 0))
  }
  for (let i = 0; i < STREAMS; i++) {
    for (const url of [upstream, through])
      streamed[url]?.push((await ask(url, STREAM_MB)).wholeMs / STREAM_MB)
  }
  for (const each of [server, model]) {
    each.closeAllConnections()
    each.close()
  }
  const of = (url: string) => ({
    firstByteMs: median((requested[url] ?? []).map(({ firstByteMs }) => firstByteMs)),
    requestMs: median((requested[url] ?? []).map(({ wholeMs }) => wholeMs)),
    megabyteMs: median(streamed[url] ?? []),
  })
  return { direct: of(upstream), through: of(through) }
}

/** Passes over a thousand tasks that all wait for people, and over a thousand that are all due for a poll of GitHub. */
async function benchPass() {
  const quiet = createLoadFixture(TASKS, { start: () => STATES.paused })
  const wire = JSON.stringify({ type: 'desired', full: true, tasks: quiet.edgeConnection.desired() })
  const parse = []
  for (let i = 0; i < PASSES; i++) {
    const began = performance.now()
    runnerDown.parse(JSON.parse(wire))
    parse.push(performance.now() - began)
  }
  const quietMs = await passes(quiet)
  const busy = createLoadFixture(TASKS, { start: () => STATES.checking })
  const busyMs = await passes(busy)
  return { parseMs: median(parse), quietMs: quietMs.ms, busyMs: busyMs.ms, requests: busyMs.requests, residentMb: process.memoryUsage().rss / 1e6 }
}

async function passes(load: ReturnType<typeof createLoadFixture>): Promise<{ ms: number, requests: number }> {
  const stop = new AbortController()
  const times: number[] = []
  const requests: number[] = []
  let counted = 0
  let began = performance.now()
  let now = 0
  await reconcile({
    ...load,
    ledger: createLedger({ dayBudgetUsd: 1000, now: () => now }),
    composePrompt: () => '',
    wake: {
      up: () => undefined,
      wait: async () => {
        times.push(performance.now() - began)
        requests.push(load.calls.github - counted)
        counted = load.calls.github
        now += 3_600_000
        await setImmediate()
        if (times.length >= PASSES)
          stop.abort()
        began = performance.now()
      },
    },
    slots: 50,
    person: null,
    pollMs: 10_000,
    quietMs: 0,
    deadlineSeconds: 60,
    checkoutMb: 100,
    now: () => now,
    newId: () => String(now),
    bug: (error) => {
      throw error
    },
  }, stop.signal)
  return { ms: median(times), requests: Math.max(...requests) }
}

/** One server-sent event of the model's stream. */
function encodeEvent(event: { type: string } & Record<string, unknown>): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
}

function row(baseline: number, ours: number) {
  return { baseline: round(baseline), ours: round(ours), ratio: round(ours / baseline), difference: round(ours - baseline) }
}

function rounded(figures: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, round(value)]))
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
