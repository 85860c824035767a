import type { World } from './testing/in-memory-system.ts'
import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createLedger } from '../gateway/ledger.ts'
import { GitHubError } from '../github/github.ts'
import { reconcile } from './reconcile.ts'
import { createWorld } from './testing/in-memory-system.ts'

/** Enough for the whole story with a restart in the middle; more would mean that it never ends. */
const MAX_PASSES = 200

type Delivery = 'at once' | 'with the next pass'

/**
 * One life of a runner: from its start until `until` holds, or until it is killed before its effect number `killAt`. Reports it had not
 * delivered die with it. Returns the effects it came to.
 */
async function live(world: World, { until, killAt = Infinity, delivery = 'at once', dayBudgetUsd = 100 }: { until: (world: World) => boolean, killAt?: number, delivery?: Delivery, dayBudgetUsd?: number }): Promise<string[]> {
  const stop = new AbortController()
  const steps: string[] = []
  let time = 0
  let passes = 0
  let unsent: Parameters<World['apply']>[0][] = []

  await reconcile({
    link: {
      desired: world.desired,
      takeLooks: () => new Set(),
      report: report => delivery === 'at once' ? world.apply(report) : void unsent.push(report),
      isReporting: () => unsent.length > 0,
      sendLog: async (_, lines) => world.store(lines),
    },
    executor: world.executor,
    ledger: createLedger({ dayBudgetUsd, now: () => time }),
    github: world.github,
    composePrompt: () => 'Do it.',
    wake: {
      up: () => undefined,
      wait: async () => {
        // Log lines travel beside the passes.
        await setImmediate()
        await setImmediate()
        unsent.forEach(world.apply)
        unsent = []
        world.tick()
        time += 60_000
        passes += 1
        if (until(world) || passes > MAX_PASSES)
          stop.abort()
      },
    },
    slots: 1,
    person: null,
    pollMs: 10,
    settleMs: 0,
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
  }, stop.signal).catch((error: unknown) => {
    if (!(error instanceof Killed))
      throw error
  })
  return steps
}

class Killed extends Error {}

/** Unique across the lives of a test, as the runner's own are. */
let ids = 0

const isOver = (world: World) => world.task().cleanedUp

function ending(world: World) {
  return {
    state: world.task().state.status,
    pull: world.task().pull,
    history: world.task().history.map(({ outcome, head }) => [outcome, head]),
    fixes: world.task().fixes,
    announced: world.announced,
    effects: [...world.effects].sort(),
    lines: [...world.lines()].sort(),
    jobs: world.jobs(),
  }
}

const story = createWorld()
const wholeStory = await live(story, { until: isOver })

test('a task goes from its first attempt over a failing check and a fix to a merged pull request', () => {
  expect(ending(story)).toMatchObject({
    state: 'merged',
    fixes: 1,
    history: [['published', '1'.repeat(40)], ['published', '2'.repeat(40)]],
    effects: ['clean up after it is merged', 'comment <!-- mainloop:a1b2c3d4e5:summary -->', 'mark ready', 'open pull request', 'remove ml-a1b2c3d4e5-fix-2', 'remove ml-a1b2c3d4e5-implement-1', 'start ml-a1b2c3d4e5-fix-2', 'start ml-a1b2c3d4e5-implement-1'],
    lines: ['1/1', '1/2', '1/3', '2/1', '2/2', '2/3'],
    jobs: [],
  })
})

test.each((['at once', 'with the next pass'] as const).flatMap(delivery => wholeStory.map((step, killAt) => ({ delivery, killAt, step }))))('killed before "$step" ($killAt, reports delivered $delivery) and started again, it ends the same', async ({ delivery, killAt }) => {
  const world = createWorld()
  await live(world, { until: isOver, killAt, delivery })
  await live(world, { until: isOver, delivery })
  expect(ending(world)).toEqual(ending(story))
})

test('killed again and again, each life one effect longer than the last, it ends the same', async () => {
  const world = createWorld()
  for (let life = 0; !isOver(world); life++)
    await live(world, { until: isOver, killAt: life })
  expect(ending(world)).toEqual(ending(story))
})

test.each([
  ['not-found', 'repository-not-found'],
  ['no-access', 'repository-no-access'],
  ['empty', 'repository-empty'],
] as const)('a repository that is %s fails the task with GitHub\'s reason and starts no worker', async (kind, failure) => {
  const world = createWorld()
  world.inspection = new GitHubError(kind, 'octo/hello cannot be worked on.')
  await live(world, { until: ({ task }) => task().state.status === 'failed' })
  expect(world.task().state).toMatchObject({ status: 'failed', kind: failure, reason: 'octo/hello cannot be worked on.' })
  expect(world.effects).toEqual([])
})

test.each([
  ['github', 'GitHub does not answer.'],
  ['executor', 'Workers cannot be reached: connect ECONNREFUSED'],
] as const)('while %s is down the task says what it waits for, and goes on when it is back', async (on, why) => {
  const world = createWorld()
  world.down[on] = true
  await live(world, { until: ({ task }) => task().blocked !== null })
  expect(world.task().blocked).toMatchObject({ on, why })
  world.down[on] = false
  await live(world, { until: isOver })
  expect(world.task().blocked).toBeNull()
})

test('a cancelled task loses its worker', async () => {
  const world = createWorld()
  await live(world, { until: ({ task }) => task().state.status === 'implementing' })
  world.happen({ kind: 'cancel' })
  await live(world, { until: isOver })
  expect(world.effects).toEqual(['start ml-a1b2c3d4e5-implement-1', 'remove ml-a1b2c3d4e5-implement-1', 'clean up after it is cancelled'])
})

test('on a day whose budget is used up no worker starts, and the task pauses until the next', async () => {
  const world = createWorld()
  await live(world, { until: ({ task }) => task().state.status === 'paused', dayBudgetUsd: 0 })
  expect(world.task().state).toMatchObject({ status: 'paused', until: 86_400_000, why: 'The day\'s budget of $0.00 for all tasks is used up.' })
  expect(world.effects).toEqual([])
})
