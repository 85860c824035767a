import type { HeadlessSystem } from './harness/headless-system.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startHeadlessSystem } from './harness/headless-system.ts'
import { openLog } from './harness/log.ts'

/** So long that whatever happens within a test was not seen by polling. */
const NEVER_MS = 3_600_000

const STORM = 1000

/** As many as are on their way together: GitHub gives up on one after ten seconds. */
const AT_ONCE = 50

let system: HeadlessSystem

beforeAll(async () => {
  system = await startHeadlessSystem((await openLog('webhooks')).of('edge'))
})
afterAll(() => system.close())

test('a result that GitHub tells is acted on although the next poll is an hour away', async () => {
  system.startRunner({ pollMs: NEVER_MS })
  const task = await system.startTask({ webhook: true })
  for (const nth of [1, 2]) {
    await system.untilChecking(task, nth)
    await system.failCheck(task, nth)
  }
  await system.github.webhooks.delivered()
  expect(system.github.webhooks.deliveries.filter(({ status }) => status !== 202)).toEqual([])
  expect(system.github.webhooks.deliveries.some(({ answer }) => answer.includes('looking'))).toBe(true)
  expect(system.github.violations).toEqual([])
  await system.stopRunner()
})

test('a thousand deliveries at once are a few looks', async () => {
  system.startRunner({ pollMs: NEVER_MS })
  const task = await system.startTask({ webhook: true })
  await system.untilChecking(task, 1)
  const sha = await system.workers.published(task.task, 1)
  const before = [system.steps.length, system.github.webhooks.deliveries.length] as const
  for (let n = 0; n < STORM; n++) {
    await system.github.addCheck(task.repository, { sha, app: 'storm', name: `row ${n}`, conclusion: 'success' })
    if (n % AT_ONCE === 0)
      await system.github.webhooks.delivered()
  }
  await system.github.webhooks.delivered()
  const told = system.github.webhooks.deliveries.slice(before[1]).filter(({ event, answer }) => event === 'check_run' && answer.includes('looking')).length
  expect(told).toBe(STORM)
  const looks = system.steps.slice(before[0]).filter(({ step }) => step === `verdict ${sha}`).length
  expect(looks).toBeGreaterThan(0)
  expect(looks).toBeLessThan(STORM / 10)

  // The next result still starts a fix, although the storm used up the early polls.
  await system.failCheck(task, 1)
  await system.stopRunner()
})

test('what is told while no runner is there is not lost', async () => {
  system.startRunner({ pollMs: NEVER_MS })
  const task = await system.startTask({ webhook: true })
  await system.untilChecking(task, 1)
  await system.stopRunner()
  const began = system.failCheck(task, 1)
  await system.github.webhooks.delivered()
  system.startRunner({ pollMs: NEVER_MS })
  expect(await began).toBeGreaterThan(0)
  await system.stopRunner()
})
