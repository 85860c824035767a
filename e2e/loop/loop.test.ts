import { afterAll, afterEach, expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { startFakeGitHub } from '../fakes/github/fake-github.ts'
import { ciScenarios } from './ci-scenarios.ts'
import { reviewScenarios } from './review-scenarios.ts'
import { runReconciler } from './run-reconciler.ts'
import { startScenario } from './start-scenario.ts'
import { triggerScenarios } from './trigger-scenarios.ts'

const github = await startFakeGitHub()

afterEach(() => {
  // Every request and response must match GitHub's own OpenAPI description.
  expect(github.violations).toEqual([])
})
afterAll(() => github.close())

test.each([...ciScenarios, ...triggerScenarios, ...reviewScenarios])('$name', async (scenario) => {
  const { token, isOver, ...context } = await startScenario(github, scenario)
  await runReconciler(context.harness, { apiUrl: github.apiUrl, token, nextChange: github.nextChange, until: isOver })
  if (scenario.inspect)
    expect(await scenario.inspect(context)).toEqual(scenario.expected)
})

test.each([
  ['GitHub is down', { kind: 'down' }, 'GitHub cannot be reached'],
  ['a proxy answers in place of GitHub', { kind: 'status', status: 502 }, 'GitHub answered 502'],
  ['the hour\'s requests are used up', { kind: 'rate-limited', resetSeconds: 3600 }, 'rate limit is reached'],
  ['GitHub refuses concurrent requests', { kind: 'secondary-rate-limited', retryAfterSeconds: 3600 }, 'rate limit is reached'],
] as const)('while %s, the task is blocked with the reason, and it continues afterwards', async (_, fault, why) => {
  const { token, harness } = await startScenario(github, must(ciScenarios[1], 'a scenario with a fix'))
  let end: (() => void) | null = null
  let reason = ''
  await runReconciler(harness, {
    apiUrl: github.apiUrl,
    token,
    nextChange: github.nextChange,
    until: ({ task }) => {
      const { state, blocked } = task()
      if (state.status === 'checking' && end === null)
        end = github.fault(fault)
      if (blocked && reason === '') {
        reason = blocked.why
        end?.()
      }
      return state.status === 'in_review'
    },
  })
  expect(reason).toContain(why)
  expect(harness.task()).toMatchObject({ blocked: null, fixes: 1 })
})
