import { expect, test } from 'vitest'
import { buildTask, STATES } from '#shared/testing/build-task.ts'
import { onTurnHarness } from '../conversation/testing/turn-harness.ts'
import { listTasks } from './list-tasks.ts'

const MINUTE = 60_000

test.each([
  ['open ones by default', {}, [
    'bbbbbbbbbb "Newer" on octo/hello: waits for CI, for 2 minutes; https://github.com/octo/hello/pull/7; waits for github; cost $1.50 of $5.00',
    'aaaaaaaaaa "Older" on octo/hello: waits for you to start it, for 5 minutes',
  ]],
  ['all of them', { which: 'all' as const }, [
    expect.stringContaining('is merged'),
    expect.stringContaining('Newer'),
    expect.stringContaining('Older'),
  ]],
  ['the newest, saying that there are more', { limit: 1 }, [expect.stringContaining('Newer'), 'Not listed: 1 older.']],
])('it lists %s', (name, input, lines) =>
  onTurnHarness(`list ${name}`, [], async ({ store, clock }) => {
    const { now } = clock
    const text = await store.commit(async (tx) => {
      await tx.set('task/aaaaaaaaaa', buildTask({ id: 'aaaaaaaaaa', title: 'Older', createdAt: 1, state: { ...STATES.proposed, since: now - 5 * MINUTE } }))
      await tx.set('task/bbbbbbbbbb', buildTask({
        id: 'bbbbbbbbbb',
        title: 'Newer',
        createdAt: 2,
        state: { ...STATES.checking, since: now - 2 * MINUTE },
        pull: { number: 7, url: 'https://github.com/octo/hello/pull/7', draft: true },
        blocked: { on: 'github', why: 'It does not answer.', since: now },
        usage: { costUsd: 1.5, inputTokens: 0, outputTokens: 0 },
      }))
      await tx.set('task/cccccccccc', buildTask({ id: 'cccccccccc', createdAt: 3, state: STATES.merged }))
      return listTasks(tx, input)
    })
    expect(text.split('\n')).toEqual(lines)
  }))

test.each([
  [{}, 'There are no open tasks.'],
  [{ which: 'all' as const }, 'There are no tasks.'],
])('for %j the list says that there are none', (input, text) =>
  onTurnHarness('list nothing', [], async ({ store }) => {
    expect(await store.commit(tx => listTasks(tx, input))).toBe(text)
  }))
