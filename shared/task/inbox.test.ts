import type { TaskStatus } from '../model/task.ts'
import { expect, test } from 'vitest'
import { buildTask, HEAD, STATES } from '../testing/build-task.ts'
import { inbox } from './inbox.ts'

test.each([
  ['proposed', 'proposal'],
  ['plan_review', 'plan'],
  ['waiting_answer', 'questions'],
  ['in_review', 'review'],
  ['paused', 'paused'],
  ['failed', 'failure'],
] as const)('a task in %s waits for the person as a %s', (status, kind) => {
  expect(inbox([buildTask({ state: STATES[status] })], [], 2)).toMatchObject([{ kind, since: 1, unseen: true }])
})

test.each([
  ['without CI', { ci: 'none' }, 'unverified'],
  ['whose jobs skip drafts', { ci: 'draft' }, 'draft'],
  ['that the person marked ready', { ci: 'draft', ready: true }, 'unverified'],
  ['that the person marked ready while checks were pending', { ci: 'pending', ready: true }, 'unverified'],
] as const)('a pull request %s is not shown as green', (_, fields, kind) => {
  expect(inbox([buildTask({ state: { status: 'in_review', since: 1, head: HEAD, ...fields } })], [], 2)).toMatchObject([{ kind }])
})

const QUIET: TaskStatus[] = ['queued', 'planning', 'implementing', 'checking', 'fixing', 'addressing_feedback', 'merged', 'closed', 'cancelled']
test.each(QUIET)('a task in %s waits for nobody', (status) => {
  expect(inbox([buildTask({ state: STATES[status] })], [], 2)).toEqual([])
})

test('the item that has waited longest comes first', () => {
  const at = (id: string, since: number) => buildTask({ id, state: { ...STATES.failed, since } })
  expect(inbox([at('bbbbbbbbbb', 20), at('aaaaaaaaaa', 10)], [], 30).map(item => item.task)).toEqual(['aaaaaaaaaa', 'bbbbbbbbbb'])
})

test('an item is unseen until its state was seen', () => {
  expect(inbox([buildTask({ state: { ...STATES.failed, since: 5 }, seen: 5 })], [], 6)).toMatchObject([{ unseen: false }])
})
