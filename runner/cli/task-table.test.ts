import { expect, test } from 'vitest'
import { buildTask, STATES } from '#shared/testing/build-task.ts'
import { taskTable } from './task-table.ts'

test('the table shows each task\'s state, its reason and its age', () => {
  const pull = { number: 7, url: 'https://github.com/octo/hello/pull/7', draft: true }
  const blocked = { on: 'github' as const, why: 'GitHub does not answer.', since: 1 }
  expect(
    taskTable([buildTask({ state: STATES.checking, pull, blocked }), buildTask({ id: 'zzzzzzzzzz', title: 'x'.repeat(80), state: STATES.merged })], 120_001),
  ).toBe(
    [
      'TASK        REPOSITORY  TITLE                                               STATE                                                  PULL  COST',
      'a1b2c3d4e5  octo/hello  Add a farewell                                      waits for CI (GitHub does not answer.), for 2 minutes  #7    $0.00',
      `zzzzzzzzzz  octo/hello  ${'x'.repeat(49)}…  is merged, for 2 minutes                               -     $0.00`,
    ].join('\n'),
  )
})

test.each([
  [STATES.checking, ['tide', 'a', 'b', 'c'], 'waits for CI (tide, a, b and 1 more), for'],
  [STATES.checking, [], 'waits for CI, for'],
] as const)('a task that waits says for which checks (%#)', (state, pending, expected) => {
  expect(taskTable([buildTask({ state: { ...state, pending: [...pending] } })], 120_001)).toContain(expected)
})

test('a draft that CI skips says which jobs have not run', () => {
  const state = { ...STATES.in_review, ci: 'draft' as const, waiting: ['CI / test'] }
  expect(taskTable([buildTask({ state })], 120_001)).toContain('waits for your review (CI / test), for')
})
