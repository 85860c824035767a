import type { Reply } from '../testing/model-server.ts'
import type { Allowance } from './ledger.ts'
import { mkdirSync } from 'node:fs'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { MODEL_PRICES } from '#shared/model/model-prices.ts'
import { correctResult } from '../reconcile/correct-result.ts'
import { jobSpecOf } from '../testing/job-spec.ts'
import { startModelServer } from '../testing/model-server.ts'
import { agent } from '../worker/stages/agent.ts'
import { stageHarness } from '../worker/testing/stage-harness.ts'
import { createLedger } from './ledger.ts'
import { startGateway } from './start-gateway.ts'

const model = await startModelServer()
afterAll(() => model.close())

const SPENT = { costUsd: 0, inputTokens: 0, outputTokens: 0 }
const ATTEMPT = { task: 'abcdefghij', attempt: 1 }

/** Runs the real Claude Code through the gateway; `replies` are in the order of its requests. */
async function runAgent(replies: Reply[], { allowance = {}, credential = { apiKey: 'sk-ant-the-real-key', oauthToken: null } }: {
  allowance?: Partial<Allowance>
  credential?: { apiKey: string | null, oauthToken: string | null }
} = {}) {
  const harness = stageHarness()
  onTestFinished(harness.close)
  mkdirSync(harness.workspace)
  const before = model.requests.length
  model.script = () => replies[model.requests.length - before - 1] ?? [{ type: 'text', text: 'Done.' }]
  const ledger = createLedger({ dayBudgetUsd: 100, now: Date.now })
  ledger.admit([{ ...ATTEMPT, budgetUsd: 5, spent: SPENT, ended: false, ...allowance }])
  const open = () => startGateway({
    claude: { ...credential, baseUrl: model.url },
    gateway: { listen: null, url: null },
    prices: MODEL_PRICES,
    runnerToken: 'secret',
    workDir: harness.folder,
  }, ledger, (error) => {
    throw error
  })
  const gateway = await open()
  let running = gateway
  onTestFinished(() => running.close())
  const outcome = agent(
    { stage: 'agent', folder: harness.folder, spec: jobSpecOf({ budgetUsd: 100, model: 'claude-sonnet-5-5' }), model: gateway.access(ATTEMPT) },
    harness.tools,
  )
  return {
    ledger,
    requests: () => model.requests.slice(before),
    /** Closes the gateway and opens it again, like a restart of the runner. */
    restart: async () => {
      running.close()
      running = await open()
    },
    outcome: outcome.then((result) => {
      if (result.outcome === 'worked' || result.outcome === 'checked-out' || result.outcome === 'saved')
        return result
      return correctResult(result, { spent: ledger.spent(ATTEMPT), refusal: ledger.refusal(ATTEMPT) })
    }),
  }
}

const bash = (command: string): Reply => [{ type: 'tool_use', name: 'Bash', input: { command } }]

test.each([
  ['an API key', { apiKey: 'sk-ant-the-real-key', oauthToken: null }, { 'x-api-key': 'sk-ant-the-real-key' }],
  [
    'a subscription',
    { apiKey: null, oauthToken: 'sk-ant-oat01-the-real-token' },
    { 'authorization': 'Bearer sk-ant-oat01-the-real-token', 'anthropic-beta': expect.stringContaining('oauth-2025-04-20') },
  ],
])('claude Code works with %s that it never sees, and the gateway counts the same usage', async (_, credential, sent) => {
  const { outcome, ledger, requests } = await runAgent([bash('env > env.txt')], { credential })
  const done = await outcome
  expect(done).toMatchObject({ outcome: 'worked', summary: 'Done.' })
  expect(requests().map(({ headers }) => headers)).toEqual([expect.objectContaining(sent), expect.objectContaining(sent)])
  expect('usage' in done && done.usage).toEqual({ ...ledger.spent(ATTEMPT), costUsd: expect.closeTo(ledger.spent(ATTEMPT)?.costUsd ?? 0, 9) })
})

test('a used-up budget stops Claude Code during its run with that reason', async () => {
  const { outcome, requests } = await runAgent([bash('true'), bash('true'), bash('true')], { allowance: { budgetUsd: 0.0003 } })
  expect(await outcome).toMatchObject({
    outcome: 'failed',
    kind: 'budget',
    reason: 'The task\'s budget is used up: this attempt had $0.00 of it left.',
    usage: { inputTokens: 20 },
  })
  expect(requests().length).toBe(2)
})

test('a usage limit during the run pauses the task until the reset', async () => {
  const reset = Math.ceil(Date.now() / 1000) + 3600
  const limit: Reply = {
    status: 429,
    error: 'rate_limit_error',
    headers: {
      'anthropic-ratelimit-unified-status': 'rejected',
      'anthropic-ratelimit-unified-reset': String(reset),
      'anthropic-ratelimit-unified-representative-claim': 'seven_day',
    },
  }
  const credential = { apiKey: null, oauthToken: 'sk-ant-oat01-the-real-token' }
  const { outcome } = await runAgent([bash('true'), limit, limit, limit, limit, limit], { credential })
  expect(await outcome).toMatchObject({ outcome: 'limited', until: reset * 1000, why: 'The Claude account\'s weekly usage limit is used up.' })
})

test('claude Code survives a restart of the gateway during an answer', async () => {
  const { outcome, requests, restart } = await runAgent([bash('true'), 'hang'])
  await expect.poll(() => requests().length).toBe(2)
  await restart()
  expect(await outcome).toMatchObject({ outcome: 'worked', summary: 'Done.' })
})
