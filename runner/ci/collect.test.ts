import type { Observed, WorkflowJob } from './observed.ts'
import type { CiSource } from './source.ts'
import { expect, test } from 'vitest'
import { MAX_FAILURE_LENGTH } from '#shared/model/limits.ts'
import { verdict } from '#shared/model/task-event.ts'
import { readVerdict } from './collect.ts'
import { check, job, NOW, observed, run, status } from './testing/builders.ts'

function failedJob(id: number, overrides: Partial<WorkflowJob> = {}): WorkflowJob {
  return { id, name: `test ${id}`, conclusion: 'failure', url: `https://github.com/o/r/actions/runs/1/job/${id}`, failingSteps: ['npm test'], ...overrides }
}

/** A source that answers from tables and records its calls. */
function source(overrides: Partial<Observed>, known: { jobs?: WorkflowJob[], logs?: Record<number, string>, annotations?: Record<number, string[]> } = {}) {
  const calls: string[] = []
  const ci: CiSource = {
    observe: async (head, pull) => {
      calls.push(`observe ${head} ${pull}`)
      return observed(overrides)
    },
    jobs: async (id) => {
      calls.push(`jobs ${id}`)
      return known.jobs ?? []
    },
    jobLog: async (id) => {
      calls.push(`log ${id}`)
      return known.logs?.[id] ?? null
    },
    annotations: async (id) => {
      calls.push(`annotations ${id}`)
      return known.annotations?.[id] ?? []
    },
  }
  return { calls, read: () => readVerdict({ source: ci, now: () => NOW, redact: text => text.replaceAll('hunter2', '[redacted]') }, 'c0ffee', 7) }
}

test('a green commit needs no further request', async () => {
  const { calls, read } = source({ checkRuns: [check('lint', 'success')] })
  expect(await read()).toEqual({ kind: 'passed', checks: 1 })
  expect(calls).toEqual(['observe c0ffee 7'])
})

test('a failed job is reported with the failing part of its log, without secrets', async () => {
  const { read } = source({ workflowRuns: [run('CI', 'failure')], checkRuns: [job('test 5', 'failure'), job('lint', 'success', { id: 2 })] }, {
    jobs: [failedJob(5), failedJob(6, { name: 'lint', conclusion: 'success' })],
    logs: { 5: '2026-03-01T12:00:00.1Z ##[group]Run npm test\n2026-03-01T12:00:00.1Z ##[endgroup]\npassword hunter2\n##[error]exit code 1' },
  })
  expect(await read()).toEqual({
    kind: 'failed',
    failure: {
      kind: 'checks',
      summary: 'CI / test 5 did not pass (1 of 2)',
      jobs: [{ name: 'CI / test 5', url: 'https://github.com/o/r/actions/runs/1/job/5', excerpt: '> Run npm test\npassword [redacted]\nError: exit code 1' }],
    },
  })
})

test('annotations stand before the log, except the one of every failed job', async () => {
  const { read } = source({ workflowRuns: [run('CI', 'failure')], checkRuns: [job('test 5', 'failure')] }, {
    jobs: [failedJob(5)],
    logs: { 5: '##[group]Run tsc\n##[endgroup]\n##[error]exit code 2' },
    annotations: { 5: ['src/a.ts:3: hunter2 is not a number', '.github:12: Process completed with exit code 2.'] },
  })
  expect(await read()).toMatchObject({ failure: { jobs: [{ excerpt: 'src/a.ts:3: [redacted] is not a number\n> Run tsc\nError: exit code 2' }] } })
})

test('the jobs of a workflow are requested once, however many failed', async () => {
  const { calls, read } = source(
    { workflowRuns: [run('CI', 'failure')], checkRuns: [job('a', 'failure'), job('b', 'failure', { id: 2 })] },
    { jobs: [failedJob(1), failedJob(2)] },
  )
  await read()
  expect(calls.filter(call => call.startsWith('jobs'))).toEqual(['jobs 1'])
})

test('jobs that were cancelled because another failed are left out', async () => {
  const { read } = source(
    { workflowRuns: [run('CI', 'failure')] },
    { jobs: [failedJob(1, { conclusion: 'cancelled' }), failedJob(2)], logs: { 1: 'x', 2: 'y' } },
  )
  expect(await read()).toMatchObject({ failure: { jobs: [{ name: 'CI / test 2' }] } })
})

test('a job without a log is reported with its failing steps and annotations', async () => {
  const { read } = source({ workflowRuns: [run('CI', 'failure')] }, { jobs: [failedJob(1)], annotations: { 1: ['a.ts:3: bad'] } })
  expect(await read()).toMatchObject({ failure: { jobs: [{ excerpt: 'The job ended as failure and has no log. Failing steps: npm test.\na.ts:3: bad' }] } })
})

test('a workflow that could not start is reported with its file', async () => {
  const { read } = source({ workflowRuns: [run('CI', 'startup_failure')] })
  expect(await read()).toMatchObject({
    failure: { jobs: [{ name: 'CI', excerpt: 'GitHub could not start the workflow: .github/workflows/ci.yml is probably not valid.' }] },
  })
})

test('another app\'s check is reported with its report and annotations', async () => {
  const { read } = source(
    { checkRuns: [check('coverage', 'failure', { id: 3, report: 'Too low', url: 'https://example.org' })] },
    { annotations: { 3: ['a.ts:1: uncovered'] } },
  )
  expect(await read()).toMatchObject({ failure: { jobs: [{ name: 'coverage', url: 'https://example.org', excerpt: 'Too low\na.ts:1: uncovered' }] } })
})

test('a failed status is reported with its description', async () => {
  const { read } = source({ statuses: [status('ci/x', 'failure', { description: 'Build broke' })] })
  expect(await read()).toMatchObject({ failure: { summary: 'ci/x did not pass (1 of 1)', jobs: [{ name: 'ci/x', url: null, excerpt: 'Build broke' }] } })
})

test('a conflict is reported with the base branch', async () => {
  const { calls, read } = source({ mergeable: false, base: 'develop' })
  expect(await read()).toEqual({ kind: 'failed', failure: { kind: 'conflict', summary: 'the branch conflicts with develop', jobs: [] } })
  expect(calls).toHaveLength(1)
})

test('a large matrix stays within every limit, and only some of its logs are read', async () => {
  const { calls, read } = source({ workflowRuns: [run('C'.repeat(400), 'failure')] }, {
    jobs: Array.from({ length: 120 }, (_, n) => failedJob(n, { url: `https://x/${'y'.repeat(3000)}` })),
    logs: Object.fromEntries(Array.from({ length: 120 }, (_, n) => [n, 'error\n'.repeat(20_000)])),
  })
  const result = verdict.parse(await read())
  const jobs = result.kind === 'failed' ? result.failure.jobs : []
  expect(jobs).toHaveLength(50)
  expect(jobs.reduce((sum, { excerpt }) => sum + excerpt.length, 0)).toBeLessThanOrEqual(MAX_FAILURE_LENGTH)
  expect(calls.filter(call => call.startsWith('log'))).toHaveLength(8)
})

test('very many running checks are named within the limits', async () => {
  const { read } = source({ statuses: Array.from({ length: 300 }, (_, n) => status(`${n}${'x'.repeat(400)}`, 'pending', { id: n })) })
  expect(verdict.parse(await read())).toMatchObject({ kind: 'pending' })
})
