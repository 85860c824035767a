import type { HeadlessSystem } from './harness/headless-system.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startHeadlessSystem } from './harness/headless-system.ts'
import { openLog } from './harness/log.ts'

/** Longer than any test, so that polling notices nothing within one. */
const NEVER_MS = 3_600_000

const STORM = 1000

/** Few enough deliveries in flight that each is answered before GitHub gives up on it after ten seconds. */
const AT_ONCE = 50

let system: HeadlessSystem

beforeAll(async () => {
  system = await startHeadlessSystem((await openLog('webhooks')).of('edge'))
})
afterAll(() => system.close())

test('a delivered result is acted on although the next poll is an hour away', async () => {
  system.startRunner({ pollMs: NEVER_MS })
  const task = await system.startTask({ webhook: true })
  for (const nth of [1, 2]) {
    await system.untilChecking(task, nth)
    await system.failCheck(task, nth)
  }
  await system.github.webhooks.delivered()
  expect(system.github.webhooks.deliveries.filter(({ status }) => status !== 202)).toEqual([])
  expect(system.github.webhooks.deliveries.some(({ response }) => response.includes('looking'))).toBe(true)
  expect(system.github.violations).toEqual([])
  await system.stopRunner()
})

test('a thousand deliveries at once cause few polls', async () => {
  system.startRunner({ pollMs: NEVER_MS })
  const task = await system.startTask({ webhook: true })
  await system.untilChecking(task, 1)
  const sha = await system.workers.published(task.task, 1)
  const before = { steps: system.steps.length, deliveries: system.github.webhooks.deliveries.length }
  for (let n = 0; n < STORM; n++) {
    await system.github.addCheck(task.repository, { sha, app: 'storm', name: `row ${n}`, conclusion: 'success' })
    if (n % AT_ONCE === 0)
      await system.github.webhooks.delivered()
  }
  await system.github.webhooks.delivered()
  const storm = system.github.webhooks.deliveries.slice(before.deliveries)
  const accepted = storm.filter(({ event, response }) => event === 'check_run' && response.includes('looking'))
  expect(accepted).toHaveLength(STORM)
  const polls = system.steps.slice(before.steps).filter(({ step }) => step === `verdict ${sha}`)
  expect(polls.length).toBeGreaterThan(0)
  expect(polls.length).toBeLessThan(STORM / 10)

  // The next result still starts a fix, although the storm used up the early polls.
  await system.failCheck(task, 1)
  await system.stopRunner()
})

test('a delivery is not lost while no runner is connected', async () => {
  system.startRunner({ pollMs: NEVER_MS })
  const task = await system.startTask({ webhook: true })
  await system.untilChecking(task, 1)
  await system.stopRunner()
  const fixDelayMs = system.failCheck(task, 1)
  await system.github.webhooks.delivered()
  system.startRunner({ pollMs: NEVER_MS })
  expect(await fixDelayMs).toBeGreaterThan(0)
  await system.stopRunner()
})
