import { reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, expect, test } from 'vitest'
import { taskList } from '#shared/protocol/tasks.ts'
import { buildTask, HEAD, STATES } from '#shared/testing/build-task.ts'
import { onTurnHarness } from '../conversation/testing/turn-harness.ts'
import { answerDecision, answerTasks } from '../tasks/answer-tasks.ts'
import { request } from '../testing/harness.ts'

afterEach(() => reset())

const headers = { Authorization: `Bearer ${env.RUNNER_TOKEN}` }

test('a runner\'s token lists tasks and makes decisions, and an invalid decision is refused', async () => {
  const list = await request('/runner/tasks', { headers })
  expect([list.status, await list.json()]).toEqual([200, { tasks: [] }])
  const decided = await request('/runner/tasks/a1b2c3d4e5/decide', { method: 'POST', headers, body: '{"kind":"cancel"}' })
  expect([decided.status, await decided.json()]).toEqual([200, { refused: 'The task no longer exists.' }])
  const wrong = await request('/runner/tasks/a1b2c3d4e5/decide', { method: 'POST', headers, body: '{"kind":"confirm"}' })
  expect(wrong.status).toBe(400)
})

test('the newest task is first, and a decision follows the task\'s transitions', () =>
  onTurnHarness('decide', [], async ({ store }) => {
    await store.commit(async (tx) => {
      await tx.set('task/aaaaaaaaaa', buildTask({ id: 'aaaaaaaaaa', createdAt: 1, state: STATES.in_review }))
      await tx.set('task/bbbbbbbbbb', buildTask({ id: 'bbbbbbbbbb', createdAt: 2, state: STATES.merged }))
    })
    expect(taskList.parse(await (await answerTasks(store)).json()).tasks.map(({ id }) => id)).toEqual(['bbbbbbbbbb', 'aaaaaaaaaa'])
    expect(await (await answerDecision(store, 'aaaaaaaaaa', { kind: 'cancel' })).json()).toEqual({ refused: null })
    expect(await (await answerDecision(store, 'bbbbbbbbbb', { kind: 'retry' })).json()).toEqual({ refused: 'The task is merged.' })
    await store.commit(tx => tx.set('task/cccccccccc', buildTask({ id: 'cccccccccc', createdAt: 3, state: STATES.checking })))
    const markReady = async (expectedHead: string) => (await answerDecision(store, 'cccccccccc', { kind: 'mark-ready', expectedHead })).json()
    expect(await markReady('b'.repeat(40))).toEqual({ refused: expect.stringMatching(/^aaaaaaa was pushed after bbbbbbb/) })
    expect(await markReady(HEAD)).toEqual({ refused: null })
  }))
