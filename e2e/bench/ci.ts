import process from 'node:process'
import { MAX_FIXES } from '#shared/model/limits.ts'
import { sleep } from '../../runner/lib/sleep.ts'
import { PERSON_POLL_FACTOR } from '../../runner/reconcile/writers.ts'
import { waitUntil } from '../../scripts/lib/wait-until.ts'
import build from '../harness/build.ts'
import { startHeadlessSystem } from '../harness/headless-system.ts'
import { median } from './statistics.ts'

/** The runner's own default. ms */
const POLL_MS = 10_000

/** What a look itself may take. ms */
const LOOK_MS = 2_000

/**
 * From the end of a check until the Job that fixes it begins, the slowest of all; the requests a waiting task costs of an hour's 5,000;
 * and which share of its requests that is, for GitHub counts none that is answered with "not modified".
 */
const TARGETS = { webhookMs: 2_000, pollMs: POLL_MS + LOOK_MS, checkingAnHour: 100, inReviewAnHour: 100, countedShare: 0.2 }

const HOOKED_TASKS = 2
const POLLED_TASKS = 8

/** Looks by which requests are counted, and how fast they follow one another here. */
const LOOKS = 20
const QUICK_MS = 50

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
  const checking = await requestsAnHour({ everyMs: POLL_MS, come: () => Promise.resolve() })
  const inReview = await requestsAnHour({ everyMs: POLL_MS * PERSON_POLL_FACTOR, come: task => system.passCheck(task, 1) })

  console.table(
    Object.entries({ 'polling (baseline)': poll, 'a webhook': webhook }).map(([by, times]) => ({
      'a fix begins by': by,
      'p50, ms': Math.round(median(times)),
      'slowest, ms': slowest(times),
      '× polling': (median(times) / median(poll)).toFixed(3),
    })),
  )
  console.table(
    Object.entries({ 'its checks': checking, 'its reviewers': inReview }).map(([whom, { counted, all }]) => ({
      'requests an hour of a task that waits for': whom,
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

/** One failure after the other, while the next poll is an hour away. */
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

/** Checks that fail at any moment between two polls. */
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

/** What a task costs while it waits, by looks that follow faster than they do in truth. */
async function requestsAnHour({ everyMs, come }: { everyMs: number, come: (task: { repository: string, task: string }) => Promise<void> }): Promise<Requests> {
  system.startRunner({ pollMs: QUICK_MS })
  const task = await system.startTask({ webhook: false })
  await system.untilChecking(task, 1)
  await come(task)
  const looks = () => system.steps.filter(({ step }) => step.startsWith('verdict ')).length
  const untilLooks = (count: number) => waitUntil(`${count} looks`, () => looks() >= count, { timeoutMs: 120_000 })
  // The first looks fetch what the others find unchanged.
  await untilLooks(looks() + 3)
  const before = { ...system.github.requests, looks: looks() }
  await untilLooks(before.looks + LOOKS)
  await system.stopRunner()
  const { counted, unchanged } = system.github.requests
  const anHour = (requests: number) => Math.round(requests / (looks() - before.looks) * HOUR_MS / everyMs)
  return { counted: anHour(counted - before.counted), all: anHour(counted - before.counted + unchanged - before.unchanged) }
}

function slowest(times: readonly number[]): number {
  return Math.round(Math.max(...times))
}
