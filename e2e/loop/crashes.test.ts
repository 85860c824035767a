import { afterAll, expect, test } from 'vitest'
import { startFakeGitHub } from '../fakes/github/fake-github.ts'
import { ciScenarios } from './ci-scenarios.ts'
import { reviewScenarios } from './review-scenarios.ts'
import { runReconciler } from './run-reconciler.ts'
import { startScenario } from './start-scenario.ts'

/** Over all stories of this file; the loop must survive each, and half as many again show that it is no luck. */
const KILLS = 60

/** The same deaths in every run, so that a failure can be looked at again. */
const SEED = 20_261_123

const github = await startFakeGitHub()
afterAll(() => github.close())

/** Those in which the runner has the most to write. */
const retold = [
  'a failing test is fixed from its log',
  'a review with comments on lines becomes one attempt, acknowledged and answered in its threads',
  'a plan is discussed in an issue until somebody who may approves it',
  'a cancelled task closes its pull request and leaves no branch',
]
let killed = 0

test.each([...ciScenarios, ...reviewScenarios].filter(({ name }) => retold.includes(name)))('killed again and again: $name', async (scenario) => {
  const { token, isOver, ...context } = await startScenario(github, scenario)
  const random = randomFrom(SEED + killed)
  let left = KILLS / retold.length
  let over = false
  while (!over) {
    // A life lasts a few effects, so that deaths meet every kind of them; two in a row meet the same one.
    let steps = Math.floor(random() * MAX_LIFE)
    over = await runReconciler(context.harness, {
      apiUrl: github.apiUrl,
      token,
      idle: github.idle,
      until: isOver,
      crashesAt: () => {
        if (left === 0 || steps-- > 0)
          return false
        left -= 1
        killed += 1
        return true
      },
    })
  }
  expect(await scenario.inspect?.(context)).toMatchObject(new Object(scenario.expected))
  expect(duplicates(context)).toEqual([])
  expect(github.violations).toEqual([])
})

test('that were enough deaths', () => {
  expect(killed).toBeGreaterThanOrEqual(50)
})

/** Effects. */
const MAX_LIFE = 5

/** What stands on GitHub twice although it was to be said once. */
function duplicates({ repository }: { repository: string }): string[] {
  const issues = github.issues(repository)
  const pulls = github.pulls(repository)
  const marks = [...issues, ...pulls].flatMap(({ number, comments }) =>
    comments.map(({ body }) => `#${number} ${/^<!-- mainloop:\S+/.exec(body)?.[0] ?? body}`),
  )
  const answers = pulls.flatMap(({ number, lines }) =>
    lines.filter(({ inReplyTo }) => inReplyTo !== null).map(({ body, inReplyTo }) => `#${number} ${inReplyTo} ${body}`),
  )
  const opened = [...issues.map(({ title }) => `issue ${title}`), ...pulls.map(({ title }) => `pull ${title}`)]
  const all = [...marks, ...answers, ...opened]
  return all.filter((one, index) => all.indexOf(one) !== index)
}

/** mulberry32: small, even enough, and the same everywhere. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6D2B79F5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
