import type { RunnerEvent, Verdict } from '#shared/model/task-event.ts'
import type { GitHub } from '../github/github.ts'
import { expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { desired } from '#shared/task/desired.ts'
import { buildTask, STATES } from '#shared/testing/build-task.ts'
import { GitHubError } from '../github/github.ts'
import { apply } from './apply.ts'
import { createPollState, MAX_WRITES_PER_HEAD } from './poll-state.ts'
import { createInMemorySystem, FIRST } from './testing/in-memory-system.ts'

const PENDING: Verdict = { kind: 'pending', waitingFor: ['test'], isRunning: true }
const FAILED: Verdict = { kind: 'failed', failure: { kind: 'checks', summary: 'test failed', jobs: [] } }
const NONE: Verdict = { kind: 'none' }
const DRAFT: Verdict = { kind: 'draft', skipped: ['test'] }
const PASSED: Verdict = { kind: 'passed', checks: 1 }

/** A task with an open pull request, which one runner polls repeatedly. */
async function setUp(overrides: Partial<GitHub> = {}) {
  const { github, pulls, effects, executor } = createInMemorySystem()
  const pull = await github.ensurePull({ repository: 'octo/hello', branch: 'x', base: null, title: 'Add it', body: '' })
  const at = (state: Parameters<typeof buildTask>[0]) => must(desired(buildTask({ pull, heads: [FIRST], ...state })), 'a desired task')
  const task = { check: at({ state: { ...STATES.checking, head: FIRST } }), review: at({ state: { ...STATES.in_review, head: FIRST } }) }
  const pollState = createPollState({ now: () => 0, pollMs: 1 })
  const reported: RunnerEvent[] = []
  const poll = (kind: 'check' | 'review', verdict: Verdict | (() => Verdict)) => apply({ kind, task: task[kind], head: FIRST, ci: 'passed', ready: true }, {
    executor,
    github: { ...github, verdict: async () => typeof verdict === 'function' ? verdict() : verdict, ...overrides },
    pollState,
    report: (_, event) => reported.push(event),
    globalStop: () => null,
    forgetLog: () => {},
    composePrompt: () => '',
    person: null,
    deadlineSeconds: 60,
    checkoutMb: 100,
    pollMs: 1,
    quietMs: 0,
    now: () => 0,
    step: () => {},
    bug: (error) => {
      throw error
    },
  })
  return { poll, reported, effects, pull: must(pulls[0], 'a pull request') }
}

test.each(['check', 'review'] as const)('a pull request that is merged during a %s is not followed by a second one', async (kind) => {
  const { poll, effects, pull } = await setUp()
  await poll(kind, () => {
    pull.state = 'merged'
    return PASSED
  })
  expect(effects.filter(effect => effect === 'open pull request')).toHaveLength(1)
  expect(pull.body).toBe('')
})

test('the text of the pull request follows the verdict, and nothing is written while checks are pending', async () => {
  const { poll, pull } = await setUp()
  const texts: string[] = []
  for (const verdict of [PENDING, FAILED, PENDING, FAILED]) {
    await poll('check', verdict)
    texts.push(pull.body.match(/Not green on|Waiting for CI/)?.[0] ?? pull.body)
  }
  expect(texts).toEqual(['', 'Not green on', 'Not green on', 'Not green on'])
})

test('the writes for a head are bounded, however often its verdict changes', async () => {
  let texts = 0
  const { poll, effects } = await setUp({ updatePullText: async () => void texts++ })
  for (let n = 0; n < 50; n++)
    await poll('review', ([PASSED, NONE, DRAFT, PENDING] as const)[n % 4] ?? PASSED)
  const marked = effects.filter(effect => effect === 'mark ready').length
  expect({ texts, marked }).toEqual({ texts: 3, marked: 1 })
  expect(texts + marked).toBeLessThanOrEqual(MAX_WRITES_PER_HEAD)
})

test('a person who makes the pull request a draft again is not overruled', async () => {
  const { poll, pull, effects } = await setUp()
  await poll('review', PASSED)
  pull.pull = { ...pull.pull, draft: true }
  await poll('review', PASSED)
  expect(effects.filter(effect => effect === 'mark ready')).toHaveLength(1)
})

test.each<[string, Verdict, boolean]>([
  ['a failure', FAILED, true],
  ['runs that are pending', PENDING, false],
  ['runs that were skipped', NONE, false],
  ['jobs that skip drafts', DRAFT, false],
])('of a green pull request %s is reported: %#', async (_, verdict, isReported) => {
  const { poll, reported, pull } = await setUp()
  await poll('review', verdict)
  expect(reported.some(({ kind }) => kind === 'checks')).toBe(isReported)
  expect(pull.pull.draft).toBe(isReported)
})

test.each([['check', PASSED], ['review', FAILED]] as const)('a %s reports the verdict although GitHub refuses the text', async (kind, verdict) => {
  const refuse = () => Promise.reject(new GitHubError('refused', 'GitHub would not write the text of the pull request: body is too long'))
  const { poll, reported } = await setUp({ updatePullText: refuse, ensurePull: refuse })
  await poll(kind, verdict)
  expect(reported.filter(event => event.kind === 'checks')).toEqual([{ kind: 'checks', head: FIRST, verdict }])
})
