import process from 'node:process'
import { MAX_FIXES } from '#shared/model/limits.ts'
import { sleep } from '../../runner/lib/sleep.ts'
import { PERSON_POLL_FACTOR } from '../../runner/reconcile/poll-state.ts'
import { waitUntil } from '../../scripts/lib/wait-until.ts'
import build from '../harness/build.ts'
import { startHeadlessSystem } from '../harness/headless-system.ts'
import { median } from './statistics.ts'

/** The runner's own default. */
const POLL_MS = 10_000

/** The time that a poll itself may take. */
const ONE_POLL_MS = 2_000

/**
 * The slowest time from the end of a check until the Job that fixes it begins; the requests of a waiting task, of the 5,000 that GitHub
 * allows an hour; and the share of counted requests, because GitHub does not count those that it answers with "not modified".
 */
const TARGETS = { webhookMs: 2_000, pollMs: POLL_MS + ONE_POLL_MS, checkingAnHour: 100, inReviewAnHour: 100, countedShare: 0.2 }

const HOOKED_TASKS = 2
const POLLED_TASKS = 8

/** The requests are counted over so many polls, which follow each other faster than in reality. */
const POLLS = 20
const FAST_POLL_MS = 50

const HOUR_MS = 3_600_000

interface Requests { counted: number, all: number }

await build()
const system = await startHeadlessSystem(() => {})
try {
  process.exitCode = await measure() ? 0 : 1
}
finally {
  await system.close()
}

async function measure(): Promise<boolean> {
  const webhook = await withWebhooks()
  const poll = await withPolling()
  const checking = await requestsAnHour({ everyMs: POLL_MS, prepare: () => Promise.resolve() })
  const inReview = await requestsAnHour({ everyMs: POLL_MS * PERSON_POLL_FACTOR, prepare: task => system.passCheck(task, 1) })

  console.table(
    Object.entries({ 'polling (baseline)': poll, 'a webhook': webhook }).map(([by, times]) => ({
      'a fix begins by': by,
      'p50, ms': Math.round(median(times)),
      'slowest, ms': slowest(times),
      '× polling': (median(times) / median(poll)).toFixed(3),
    })),
  )
  console.table(
    Object.entries({ 'its checks': checking, 'its reviewers': inReview }).map(([cause, { counted, all }]) => ({
      'requests an hour of a task that waits for': cause,
      'all (baseline: without ETags)': all,
      counted,
      'not modified': all - counted,
      '× all': (counted / all).toFixed(3),
    })),
  )
  const figures: Record<keyof typeof TARGETS, number> = {
    webhookMs: slowest(webhook),
    pollMs: slowest(poll),
    checkingAnHour: checking.counted,
    inReviewAnHour: inReview.counted,
    countedShare: Number(((checking.counted + inReview.counted) / (checking.all + inReview.all)).toFixed(3)),
  }
  const missed = Object.entries(TARGETS).filter(([name, target]) => !(figures[name as keyof typeof TARGETS] <= target)).map(([name]) => name)
  console.log(JSON.stringify({ bench: 'ci', figures, targets: TARGETS, missed }))
  return missed.length === 0
}

/** Delays until a fix begins, of one failure after the other, while the next poll is an hour away. */
async function withWebhooks(): Promise<number[]> {
  const times: number[] = []
  system.startRunner({ pollMs: HOUR_MS })
  for (let n = 0; n < HOOKED_TASKS; n++) {
    const task = await system.startTask({ webhook: true })
    for (let nth = 1; nth <= MAX_FIXES; nth++) {
      await system.untilChecking(task, nth)
      times.push(await system.failCheck(task, nth))
    }
  }
  await system.stopRunner()
  return times
}

/** Delays until a fix begins, of checks that fail at different moments between two polls. */
async function withPolling(): Promise<number[]> {
  system.startRunner({ pollMs: POLL_MS })
  const times = await Promise.all(Array.from({ length: POLLED_TASKS }, async (_, n) => {
    const task = await system.startTask({ webhook: false })
    await system.untilChecking(task, 1)
    await sleep(n * POLL_MS / POLLED_TASKS)
    return system.failCheck(task, 1)
  }))
  await system.stopRunner()
  return times
}

interface Waiting {
  /** The real time between two polls. */
  everyMs: number
  /** Brings the task from its checks to the state to measure. */
  prepare: (task: { repository: string, task: string }) => Promise<void>
}

async function requestsAnHour({ everyMs, prepare }: Waiting): Promise<Requests> {
  system.startRunner({ pollMs: FAST_POLL_MS })
  const task = await system.startTask({ webhook: false })
  await system.untilChecking(task, 1)
  await prepare(task)
  const polls = () => system.steps.filter(({ step }) => step.startsWith('verdict ')).length
  const untilPolls = (count: number) => waitUntil(`${count} polls`, () => polls() >= count, { timeoutMs: 120_000 })
  // The first polls fetch everything; the later ones find it unchanged.
  await untilPolls(polls() + 3)
  const before = { ...system.github.requests, polls: polls() }
  await untilPolls(before.polls + POLLS)
  await system.stopRunner()
  const { counted, unchanged } = system.github.requests
  const anHour = (requests: number) => Math.round(requests / (polls() - before.polls) * HOUR_MS / everyMs)
  return { counted: anHour(counted - before.counted), all: anHour(counted - before.counted + unchanged - before.unchanged) }
}

function slowest(times: readonly number[]): number {
  return Math.round(Math.max(...times))
}
