import type { InMemorySystem } from './testing/in-memory-system.ts'
import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createLedger } from '../gateway/ledger.ts'
import { GitHubError } from '../github/github.ts'
import { reconcile } from './reconcile.ts'
import { createInMemorySystem } from './testing/in-memory-system.ts'

/** Enough for a task's whole life with a restart in the middle; more passes would mean an endless loop. */
const MAX_PASSES = 200

type Delivery = 'at once' | 'with the next pass'

interface Run {
  until: (system: InMemorySystem) => boolean
  killAt?: number
  delivery?: Delivery
  dayBudgetUsd?: number
}

/**
 * Runs a runner until `until` holds, or kills it before its effect number `killAt`; undelivered reports are lost then.
 * Returns its effects.
 */
async function runRunner(system: InMemorySystem, run: Run): Promise<string[]> {
  const { until, killAt = Infinity, delivery = 'at once', dayBudgetUsd = 100 } = run
  const stop = new AbortController()
  const steps: string[] = []
  let time = 0
  let passes = 0
  let unsent: Parameters<InMemorySystem['apply']>[0][] = []

  await reconcile(
    {
      edgeConnection: {
        desired: system.desired,
        takePollRequests: () => new Set(),
        report: report => (delivery === 'at once' ? system.apply(report) : void unsent.push(report)),
        isReporting: () => unsent.length > 0,
        sendLog: async (_, lines) => system.store(lines),
      },
      executor: system.executor,
      ledger: createLedger({ dayBudgetUsd, now: () => time }),
      github: system.github,
      composePrompt: () => 'Do it.',
      wake: {
        up: () => undefined,
        wait: async () => {
          // Log lines are forwarded between the passes.
          await setImmediate()
          await setImmediate()
          unsent.forEach(system.apply)
          unsent = []
          system.tick()
          time += 60_000
          passes += 1
          if (until(system) || passes > MAX_PASSES)
            stop.abort()
        },
      },
      slots: 1,
      person: null,
      pollMs: 10,
      quietMs: 0,
      deadlineSeconds: 60,
      checkoutMb: 100,
      now: () => time,
      newId: () => String(ids++),
      onStep: (step) => {
        if (steps.length >= killAt) {
          stop.abort()
          throw new Killed()
        }
        steps.push(step)
      },
      bug: (error) => {
        if (!(error instanceof Killed))
          throw error
      },
    },
    stop.signal,
  ).catch((error: unknown) => {
    if (!(error instanceof Killed))
      throw error
  })
  return steps
}

class Killed extends Error {}

/** Ids stay unique across restarts, like the runner's own. */
let ids = 0

const isOver = (system: InMemorySystem) => system.task().cleanedUp

function ending(system: InMemorySystem) {
  return {
    state: system.task().state.status,
    pull: system.task().pull,
    history: system.task().history.map(({ outcome, head }) => [outcome, head]),
    fixes: system.task().fixes,
    announced: system.announced,
    effects: [...system.effects].sort(),
    lines: [...system.lines()].sort(),
    jobs: system.jobs(),
  }
}

const undisturbed = createInMemorySystem()
const allSteps = await runRunner(undisturbed, { until: isOver })

test('a task goes from its first attempt over a failing check and a fix to a merged pull request', () => {
  expect(ending(undisturbed)).toMatchObject({
    state: 'merged',
    fixes: 1,
    history: [
      ['published', '1'.repeat(40)],
      ['published', '2'.repeat(40)],
    ],
    effects: [
      'clean up after it is merged',
      'comment <!-- mainloop:a1b2c3d4e5:summary -->',
      'mark ready',
      'open pull request',
      'remove ml-a1b2c3d4e5-fix-2',
      'remove ml-a1b2c3d4e5-implement-1',
      'start ml-a1b2c3d4e5-fix-2',
      'start ml-a1b2c3d4e5-implement-1',
    ],
    lines: ['1/1', '1/2', '1/3', '2/1', '2/2', '2/3'],
    jobs: [],
  })
})

test.each((['at once', 'with the next pass'] as const).flatMap(delivery => allSteps.map((step, killAt) => ({ delivery, killAt, step }))))(
  'a runner killed before "$step" ($killAt, reports delivered $delivery) and restarted comes to the same end',
  async ({ delivery, killAt }) => {
    const system = createInMemorySystem()
    await runRunner(system, { until: isOver, killAt, delivery })
    await runRunner(system, { until: isOver, delivery })
    expect(ending(system)).toEqual(ending(undisturbed))
  },
)

test('a runner killed again and again, each time one effect later, comes to the same end', async () => {
  const system = createInMemorySystem()
  for (let killAt = 0; !isOver(system); killAt++)
    await runRunner(system, { until: isOver, killAt })
  expect(ending(system)).toEqual(ending(undisturbed))
})

test.each([
  ['not-found', 'repository-not-found'],
  ['no-access', 'repository-no-access'],
  ['empty', 'repository-empty'],
] as const)('a repository that is %s fails the task with GitHub\'s reason and starts no worker', async (kind, failure) => {
  const system = createInMemorySystem()
  system.inspection = new GitHubError(kind, 'octo/hello cannot be worked on.')
  await runRunner(system, { until: ({ task }) => task().state.status === 'failed' })
  expect(system.task().state).toMatchObject({ status: 'failed', kind: failure, reason: 'octo/hello cannot be worked on.' })
  expect(system.effects).toEqual([])
})

test.each([
  ['github', 'GitHub does not answer.'],
  ['executor', 'Workers cannot be reached: connect ECONNREFUSED'],
] as const)('a task is blocked while %s is down, and goes on when it is back', async (on, why) => {
  const system = createInMemorySystem()
  system.down[on] = true
  await runRunner(system, { until: ({ task }) => task().blocked !== null })
  expect(system.task().blocked).toMatchObject({ on, why })
  system.down[on] = false
  await runRunner(system, { until: isOver })
  expect(system.task().blocked).toBeNull()
})

test('a cancelled task loses its worker', async () => {
  const system = createInMemorySystem()
  await runRunner(system, { until: ({ task }) => task().state.status === 'implementing' })
  system.happen({ kind: 'cancel' })
  await runRunner(system, { until: isOver })
  expect(system.effects).toEqual(['start ml-a1b2c3d4e5-implement-1', 'remove ml-a1b2c3d4e5-implement-1', 'clean up after it is cancelled'])
})

test('a task pauses until the next day and starts no worker when the day\'s budget is used up', async () => {
  const system = createInMemorySystem()
  await runRunner(system, { until: ({ task }) => task().state.status === 'paused', dayBudgetUsd: 0 })
  expect(system.task().state).toMatchObject({ status: 'paused', until: 86_400_000, why: 'The day\'s budget of $0.00 for all tasks is used up.' })
  expect(system.effects).toEqual([])
})
