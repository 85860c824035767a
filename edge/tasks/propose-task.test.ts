import type { ProposeTaskInput } from './propose-task.ts'
import { expect, test } from 'vitest'
import { task as taskSchema } from '#shared/model/task.ts'
import { buildTask } from '#shared/testing/build-task.ts'
import { onTurnHarness } from '../conversation/testing/turn-harness.ts'
import { withStore } from '../testing/harness.ts'
import { newTaskId, proposeTask, proposeTaskInput } from './propose-task.ts'

const input: ProposeTaskInput = { repository: 'https://github.com/acme/app.git', title: 'Fix the typo', brief: 'In the README.' }

test('a proposal is a task that has not begun and its card, with terms the person can change', () =>
  onTurnHarness('proposal', [], async ({ store, tasks, lines, clock }) => {
    await store.commit(tx => proposeTask(tx, input, () => 'a1b2c3d4e5'))
    expect(await lines()).toEqual(['task'])
    const [task] = await tasks()
    expect(task).toMatchObject({
      id: 'a1b2c3d4e5',
      repository: 'acme/app',
      base: null,
      planFirst: false,
      model: null,
      budgetUsd: 5,
      fixLimit: 5,
      branch: null,
      state: { status: 'proposed', since: clock.now },
    })
    expect(taskSchema.parse(task)).toEqual(task)
  }))

test('the proposal has the terms that Claude named', () =>
  onTurnHarness('terms', [], async ({ store }) => {
    const named = { base: 'develop', planFirst: true, model: 'claude-test', budgetUsd: 12 }
    expect(await store.commit(tx => proposeTask(tx, { ...input, ...named }, newTaskId))).toMatchObject(named)
  }))

test.each([
  ['a missing repository', undefined, 'Name a repository as owner/name. Used last: new/er, acme/app.'],
  ['an empty one', '  ', 'Name a repository as owner/name. Used last: new/er, acme/app.'],
  ['a typo', 'acme-app', '"acme-app" does not name a repository. Write owner/name or https://github.com/owner/name. Used last: new/er, acme/app.'],
  ['another host', 'https://gitlab.com/acme/app', 'gitlab.com is not GitHub. Only repositories on github.com can be worked on. Used last: new/er, acme/app.'],
])('%s is refused with the reason and the repositories used last', (_, repository, message) =>
  onTurnHarness(`refused ${repository}`, [], async ({ store, tasks }) => {
    await store.commit(async (tx) => {
      for (const [id, repository, createdAt] of [['a1b2c3d4e1', 'acme/app', 1], ['a1b2c3d4e2', 'new/er', 3], ['a1b2c3d4e3', 'Acme/App', 2]] as const)
        await tx.set(`task/${id}`, buildTask({ id, repository, createdAt }))
    })
    await expect(store.commit(tx => proposeTask(tx, { ...input, repository }, newTaskId))).rejects.toThrow(
      expect.objectContaining({ kind: 'invalid', message: message.replace('acme/app.', 'Acme/App.') }),
    )
    expect(await tasks()).toHaveLength(3)
  }))

test.each(['../../etc', 'a..b', 'x.lock', 'two words', 'a\u0001b', '-b', '--upload-pack=touch x'])('a base that git would not take is refused: %j', base =>
  onTurnHarness(`base ${base}`, [], async ({ store, tasks }) => {
    await expect(store.commit(tx => proposeTask(tx, { ...input, base }, newTaskId))).rejects.toThrow(
      expect.objectContaining({ kind: 'invalid', message: expect.stringContaining('cannot be a branch in git') }),
    )
    expect(await tasks()).toEqual([])
  }))

test.each([
  ['no title', { ...input, title: ' ' }],
  ['no brief', { ...input, brief: '' }],
  ['a brief above the limit', { ...input, brief: 'x'.repeat(32_001) }],
  ['no money', { ...input, budgetUsd: 0 }],
])('%s is not a proposal', (_, wrong) => {
  expect(proposeTaskInput.safeParse(wrong).success).toBe(false)
})

test('new ids are valid task ids', () => {
  expect(newTaskId()).toMatch(/^[a-z\d]{10}$/)
})

test('halves of surrogate pairs in a proposal are replaced, so that its row can be stored and sent', () => withStore(async (store) => {
  const input = proposeTaskInput.parse({ repository: 'octo/hello', title: 'Half \uD83D', brief: '\uDE42 of it' })
  const task = await store.commit(tx => proposeTask(tx, input, () => 'a1b2c3d4e5'))
  expect([task.title, task.brief]).toEqual(['Half \uFFFD', '\uFFFD of it'])
}))
