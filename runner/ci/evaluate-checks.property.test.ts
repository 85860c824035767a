import type { CheckRun, CommitStatus, Observed, WorkflowRun } from './observed.ts'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { evaluateChecks } from './evaluate-checks.ts'
import { check, NOW, observed, run, status } from './testing/builders.ts'

const JOBS = ['build', 'test', 'deploy'] as const
const CONCLUSIONS = ['success', 'failure', 'neutral', 'timed_out', 'skipped', 'cancelled', 'action_required'] as const

/** The events that can happen to a head. A trigger is an opening, an edit, a label or a push of the same commit: all start runs. */
const happening = fc.oneof(
  { weight: 4, arbitrary: fc.record({
    kind: fc.constant('trigger' as const),
    workflow: fc.constantFrom(1, 2),
    event: fc.constantFrom('push', 'pull_request'),
    skips: fc.subarray([...JOBS]),
  }) },
  { weight: 6, arbitrary: fc.record({
    kind: fc.constant('finish' as const),
    nth: fc.nat(20),
    conclusions: fc.array(fc.constantFrom(...CONCLUSIONS), { minLength: 3, maxLength: 3 }),
  }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), nth: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rerun' as const), nth: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('push' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('check' as const), conclusion: fc.constantFrom(...CONCLUSIONS) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('status' as const), state: fc.constantFrom('success', 'pending', 'failure') }) },
)
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never

interface Run { run: WorkflowRun, jobs: CheckRun[] }

/** GitHub's records of one head. As on GitHub, a rerun keeps the id of the run and replaces its jobs. */
class Head {
  runs: Run[] = []
  checks: CheckRun[] = []
  statuses: CommitStatus[] = []
  #id = 0

  happen(one: Happening): void {
    const target = 'nth' in one && this.runs.length > 0 ? this.runs[one.nth % this.runs.length] : undefined
    switch (one.kind) {
      case 'trigger': return this.#trigger(one)
      case 'finish': return target && this.#finish(target, one.conclusions)
      case 'cancel': return target && this.#finish(target, [], 'cancelled')
      case 'rerun': return target && this.#rerun(target)
      case 'check': return void this.checks.push(check('lint', one.conclusion, { id: ++this.#id }))
      case 'status': return void this.statuses.push(status('ci/x', one.state, { id: ++this.#id }))
      case 'push': {
        this.runs = []
        this.checks = []
        this.statuses = []
      }
    }
  }

  #trigger({ workflow, event, skips }: Extract<Happening, { kind: 'trigger' }>): void {
    const id = ++this.#id
    const jobs = JOBS.map(name => this.#job(name, id, skips.includes(name) ? 'skipped' : null))
    this.runs.push({ run: run(`W${workflow}`, null, { id, workflow, event, suite: id }), jobs })
    this.#conclude(must(this.runs.at(-1), 'the new run'))
  }

  #job(name: string, suite: number, conclusion: string | null): CheckRun {
    return check(name, conclusion, { id: ++this.#id, app: 'github-actions', suite })
  }

  /** Ends the jobs that run, in order; one without a conclusion goes on. */
  #finish(target: Run, conclusions: readonly string[], rest: string | null = null): void {
    for (const [at, job] of target.jobs.entries()) {
      const conclusion = conclusions[at] ?? rest
      if (job.status !== 'completed' && conclusion !== null)
        Object.assign(job, { status: 'completed', conclusion })
    }
    this.#conclude(target)
  }

  #rerun(target: Run): void {
    if (target.run.status !== 'completed')
      return
    target.jobs = target.jobs.map(job =>
      job.conclusion === 'success' || job.conclusion === 'skipped' ? job : this.#job(job.name, must(job.suite, 'a suite'), null))
    this.#conclude(target)
  }

  #conclude({ run, jobs }: Run): void {
    const all = jobs.map(({ conclusion }) => conclusion)
    const failed = all.some(one => one === 'failure' || one === 'timed_out')
    const conclusion = all.includes(null)
      ? null
      : all.includes('cancelled') ? 'cancelled' : failed ? 'failure' : concludeUnfailed(all)
    Object.assign(run, { status: conclusion === null ? 'in_progress' : 'completed', conclusion })
  }

  observed(): Observed {
    const checkRuns = [...this.runs.flatMap(({ jobs }) => jobs), ...this.checks]
    return observed({ workflowRuns: this.runs.map(({ run }) => run), checkRuns, statuses: this.statuses })
  }

  /** For each workflow, event and job: its state in the newest run in which it ran and was not cancelled. */
  newest(): CheckRun[] {
    const newestFirst = this.runs.toSorted((one, other) => other.run.id - one.run.id)
    const all = newestFirst.flatMap(({ run, jobs }) => jobs.map(job => ({ key: `${run.workflow}/${run.event}/${job.name}`, job })))
    const ran = all.filter(({ job }) => job.conclusion !== 'skipped' && job.conclusion !== 'cancelled')
    return [...Map.groupBy(ran, ({ key }) => key).values()].map(([first]) => must(first, 'a job').job)
  }
}

function concludeUnfailed(all: readonly (string | null)[]): string {
  if (all.includes('action_required'))
    return 'action_required'
  return all.every(one => one === 'skipped') ? 'skipped' : 'success'
}

function afterAll(happenings: readonly Happening[]): Head {
  const head = new Head()
  happenings.forEach(one => head.happen(one))
  return head
}

const FAILED = ['failure', 'timed_out']
const UNHEALED = [...FAILED, 'action_required']

test('no commit is green while the newest run of a job that ran and was not cancelled has failed, waits or goes on', () => {
  fc.assert(fc.property(fc.array(happening, { maxLength: 25 }), (happenings) => {
    const head = afterAll(happenings)
    if (head.newest().some(({ conclusion }) => conclusion === null || UNHEALED.includes(conclusion)))
      expect(evaluateChecks(head.observed(), NOW).kind).not.toBe('passed')
  }), { numRuns: 3000 })
})

test('a commit fails once every run has ended and a job failed where it last ran, whatever waits for somebody outside', () => {
  fc.assert(fc.property(fc.array(happening, { maxLength: 25 }), (happenings) => {
    const head = afterAll(happenings)
    const ended = head.runs.every(({ run }) => run.status === 'completed')
    if (ended && head.newest().some(({ conclusion }) => FAILED.includes(conclusion ?? '')))
      expect(evaluateChecks(head.observed(), NOW).kind).toBe('failed')
  }), { numRuns: 3000 })
})

test('a commit is green when every job passed where it last ran, whatever was skipped or cancelled since', () => {
  let green = 0
  fc.assert(fc.property(fc.array(happening, { maxLength: 25 }), (happenings) => {
    const head = afterAll(happenings)
    const newest = head.newest()
    const ended = head.runs.every(({ run }) => run.status === 'completed')
    const passed = newest.length > 0 && newest.every(({ conclusion }) => conclusion === 'success' || conclusion === 'neutral')
    // A job that was only ever cancelled has verified nothing, and the checks of other apps have tests of their own.
    const everyJobRan = head.runs.every(({ run, jobs }) =>
      jobs.every(job => job.conclusion !== 'cancelled' || isIn(head, newest, run, job)))
    if (ended && passed && everyJobRan && head.checks.length + head.statuses.length === 0) {
      green++
      expect(evaluateChecks(head.observed(), NOW).kind).toBe('passed')
    }
  }), { numRuns: 10_000 })
  expect(green).toBeGreaterThan(50)
})

/** Whether the newest runs have this job of the same workflow and event. */
function isIn({ runs }: Head, newest: readonly CheckRun[], { workflow, event }: WorkflowRun, { name }: CheckRun): boolean {
  return runs.some(({ run, jobs }) =>
    run.workflow === workflow && run.event === event && jobs.some(job => job.name === name && newest.includes(job)))
}
