import type { DesiredTask, DesiredWork } from '#shared/protocol/runner.ts'
import type { Job } from '../executor/executor.ts'
import type { Action, ObservedState } from './decide.ts'
import { expect, test } from 'vitest'
import { buildDesiredTask } from '../testing/build-desired-task.ts'
import { decide } from './decide.ts'

const HEAD = 'a'.repeat(40)
const usage = { costUsd: 0, inputTokens: 0, outputTokens: 0 }
const published = { outcome: 'published' as const, head: HEAD, summary: 'Done.', flags: [], usage }
const pull = { number: 7, url: 'https://github.com/octo/hello/pull/7', draft: true }

function attempt(n: number): DesiredWork {
  return { do: 'attempt', attempt: n, assignment: { phase: 'implement' }, plan: null, guidance: [], budgetUsd: 5, published: 0 }
}

const task = buildDesiredTask

function job(fields: Partial<Job> = {}): Job {
  return { name: 'ml-a1b2c3d4e5-implement-1', task: 'a1b2c3d4e5', attempt: 1, result: null, ...fields }
}

const NOTHING_OBSERVED: ObservedState = {
  jobs: [],
  slots: 2,
  now: 100,
  isReporting: () => false,
  notBefore: () => 0,
  hasLog: () => false,
  spent: () => null,
}

function actions(desired: readonly DesiredTask[], observed: Partial<ObservedState> = {}): string[] {
  return decide(desired, { ...NOTHING_OBSERVED, ...observed }).map(describeAction)
}

function describeAction(action: Action): string {
  switch (action.kind) {
    case 'remove': return `remove ${action.job}`
    case 'report': return `report ${action.event.kind}${action.event.kind === 'blocked' ? ` on ${action.event.on}: ${action.event.why}` : ''}`
    default: return `${action.kind} ${action.task.id}`
  }
}

const other = task({ id: 'zzzzzzzzzz' })
const otherJob = job({ name: 'ml-zzzzzzzzzz-implement-1', task: 'zzzzzzzzzz' })

test.each<[string, DesiredTask[], Partial<ObservedState>, string[]]>([
  ['an attempt without a worker is started', [task()], {}, ['start a1b2c3d4e5']],
  ['a running worker is reported as started', [task()], { jobs: [job()] }, ['report started']],
  ['a running worker of a blocked task shows that nothing blocks it', [task({ blocked: true })], { jobs: [job()] }, ['report started', 'report unblocked']],
  ['a worker that ended is reported with its result', [task()], { jobs: [job({ result: published })] }, ['report ended']],
  [
    'a worker whose attempt is over stays until the edge has its log',
    [task({ work: { do: 'check', head: HEAD } })],
    { jobs: [job({ result: published })] },
    ['check a1b2c3d4e5'],
  ],
  [
    'a worker whose attempt is over is removed once the edge has its log',
    [task({ work: { do: 'check', head: HEAD } })],
    { jobs: [job({ result: published })], hasLog: () => true },
    ['remove ml-a1b2c3d4e5-implement-1', 'check a1b2c3d4e5'],
  ],
  ['a running worker without a desired attempt is stopped at once', [], { jobs: [job()] }, ['remove ml-a1b2c3d4e5-implement-1']],
  [
    'a running worker of an older attempt makes room for the new one',
    [task({ work: attempt(2) })],
    { jobs: [job()], slots: 1 },
    ['remove ml-a1b2c3d4e5-implement-1', 'start a1b2c3d4e5'],
  ],
  [
    'a second attempt waits for a free worker',
    [task(), other],
    { slots: 1 },
    ['start a1b2c3d4e5', 'report blocked on runner: It waits for a free worker: the one there is is busy.'],
  ],
  [
    'a running worker takes a slot, wherever its task stands in the list',
    [task(), other],
    { jobs: [otherJob], slots: 1 },
    ['report blocked on runner: It waits for a free worker: the one there is is busy.', 'report started'],
  ],
  ['a worker that ended takes no slot', [task(), other], { jobs: [{ ...otherJob, result: published }], slots: 1 }, ['start a1b2c3d4e5', 'report ended']],
  ['a start that failed is tried again later', [task()], { notBefore: () => 101 }, []],
  ['an unreachable executor blocks attempts', [task()], { jobs: { unreachable: 'It is down.' } }, ['report blocked on executor: It is down.']],
  [
    'an unreachable executor does not stop polls of GitHub',
    [task({ work: { do: 'check', head: HEAD } })],
    { jobs: { unreachable: 'It is down.' } },
    ['check a1b2c3d4e5'],
  ],
  ['a check is made when it is due', [task({ work: { do: 'check', head: HEAD } })], { notBefore: () => 100 }, ['check a1b2c3d4e5']],
  ['a check is not made before', [task({ work: { do: 'check', head: HEAD } })], { notBefore: () => 101 }, []],
  ['a review is made when it is due', [task({ pull, work: { do: 'review', head: HEAD, ci: 'passed', ready: true } })], {}, ['review a1b2c3d4e5']],
  ['a review is not made before', [task({ pull, work: { do: 'review', head: HEAD, ci: 'passed', ready: true } })], { notBefore: () => 101 }, []],
  ['a task that waits is left alone', [task({ work: { do: 'wait' } })], {}, []],
  ['a waiting task\'s pull request is watched', [task({ pull, work: { do: 'wait' } })], {}, ['watch a1b2c3d4e5']],
  ['a pull request is watched while a worker runs', [task({ pull })], { jobs: [job()] }, ['report started', 'watch a1b2c3d4e5']],
  ['a task with a report under way is left alone', [task()], { isReporting: () => true }, []],
  [
    'an unwanted worker is removed although a report of its task is under way',
    [task({ work: { do: 'wait' } })],
    { jobs: [job()], isReporting: () => true },
    ['remove ml-a1b2c3d4e5-implement-1'],
  ],
  ['a plan is discussed when it is due', [task({ work: { do: 'discuss', attempt: 1, plan: 'First.', questions: [] } })], {}, ['discuss a1b2c3d4e5']],
  ['a plan is not discussed before', [task({ work: { do: 'discuss', attempt: 1, plan: 'First.', questions: [] } })], { notBefore: () => 101 }, []],
  [
    'the worker of a finished task is removed first',
    [task({ work: { do: 'clean-up', after: 'merged' } })],
    { jobs: [job()] },
    ['remove ml-a1b2c3d4e5-implement-1'],
  ],
  ['a finished task without a worker is cleaned up', [task({ work: { do: 'clean-up', after: 'merged' } })], {}, ['clean-up a1b2c3d4e5']],
  [
    'a task is not cleaned up while its workers cannot be listed',
    [task({ work: { do: 'clean-up', after: 'merged' } })],
    { jobs: { unreachable: 'It is down.' } },
    [],
  ],
  ['a task to forget needs no action', [task({ work: { do: 'forget' } })], {}, []],
])('%s', (_, desired, observed, expected) => {
  expect(actions(desired, observed)).toEqual(expected)
})

test('the spending of an attempt is reported once more of it than may be lost is unreported', () => {
  const spent = (costUsd: number) => actions([task({ spent: { ...usage, costUsd: 1 } })], { jobs: [job()], spent: () => ({ ...usage, costUsd }) })
  expect(spent(1.09)).toEqual(['report started'])
  expect(spent(1.1)).toEqual(['report started', 'report spent'])
})

test('of hundreds of due polls one pass takes those that are due longest, after all urgent actions', () => {
  const checks = Array.from({ length: 300 }, (_, i) => task({ id: `c${String(i).padStart(9, '0')}`, work: { do: 'check', head: HEAD } }))
  const taken = actions([...checks, task()], { notBefore: ({ id }) => Number(id.slice(1)) ? 100 - Number(id.slice(1)) % 100 : 0 })
  expect(taken[0]).toBe('start a1b2c3d4e5')
  expect(taken.length).toBe(51)
  expect(taken).toContain('check c000000099')
  expect(taken).not.toContain('check c000000001')
})
