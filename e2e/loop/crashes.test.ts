import { afterAll, expect, test } from 'vitest'
import { startFakeGitHub } from '../fakes/github/fake-github.ts'
import { seededRandom } from '../harness/seeded-random.ts'
import { ciScenarios } from './ci-scenarios.ts'
import { reviewScenarios } from './review-scenarios.ts'
import { runReconciler } from './run-reconciler.ts'
import { startScenario } from './start-scenario.ts'

/** Crashes over all scenarios of this file. */
const CRASHES = 60

/** Fixed, so that a failure can be reproduced. */
const SEED = 20_261_123

const github = await startFakeGitHub()
afterAll(() => github.close())

/** The scenarios in which the runner writes the most to GitHub. */
const WRITING_SCENARIOS = [
  'a failing test is fixed from its log',
  'a review with comments on lines becomes one attempt, acknowledged and answered in its threads',
  'a plan is discussed in an issue until a person with write access approves it',
  'a cancelled task closes its pull request and leaves no branch',
]
let crashed = 0

const scenarios = [...ciScenarios, ...reviewScenarios].filter(({ name }) => WRITING_SCENARIOS.includes(name))

test.each(scenarios)('although the runner crashes repeatedly, $name', async (scenario) => {
  const { token, isOver, ...context } = await startScenario(github, scenario)
  const random = seededRandom(SEED + crashed)
  let left = CRASHES / WRITING_SCENARIOS.length
  let over = false
  while (!over) {
    // Each runner lasts a few effects, so that crashes meet every kind of effect, and some effects twice.
    let steps = Math.floor(random() * MAX_STEPS)
    over = await runReconciler(context.harness, {
      apiUrl: github.apiUrl,
      token,
      nextChange: github.nextChange,
      until: isOver,
      crashesAt: () => {
        if (left === 0 || steps-- > 0)
          return false
        left -= 1
        crashed += 1
        return true
      },
    })
  }
  expect(await scenario.inspect?.(context)).toMatchObject(new Object(scenario.expected))
  expect(duplicates(context)).toEqual([])
  expect(github.violations).toEqual([])
})

test('the runner crashed at least 50 times', () => {
  expect(crashed).toBeGreaterThanOrEqual(50)
})

/** A runner carries out fewer effects than this before it crashes. */
const MAX_STEPS = 5

/** Comments, issues and pull requests that exist twice on GitHub, because a runner repeated an effect. */
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
