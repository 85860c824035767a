import type { Approval } from '#shared/model/approval.ts'
import type { Message } from '#shared/model/message.ts'
import type { TaskState } from '#shared/model/task.ts'
import type { Store } from '../store/store.ts'
import { describe, expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { APPROVAL_PREFIX } from '#shared/model/approval.ts'
import { MESSAGE_PREFIX } from '#shared/model/message.ts'
import { taskKey } from '#shared/model/task.ts'
import { decideApproval } from '#shared/mutators/decide-approval.ts'
import { buildTask, HEAD, STATES } from '#shared/testing/build-task.ts'
import { withStore } from '../testing/harness.ts'
import { runTool } from '../tools/run-tool.ts'
import { newTaskId } from './propose-task.ts'

const ID = 'a1b2c3d4e5'

function call(store: Store, name: string, input: object, mayAct = false) {
  return store.commit(tx =>
    runTool(tx, { name, input: { task: ID, ...input } }, { sql: store.sql, newTaskId, newId: () => crypto.randomUUID(), caller: { name: 'Claude', mayAct } }),
  )
}

async function rows<T>(store: Store, prefix: string): Promise<T[]> {
  const found: T[] = []
  for await (const [, value] of store.rows.scan(prefix))
    found.push(value as T)
  return found
}

function withTask(state: TaskState, play: (store: Store, status: () => Promise<string>) => Promise<void>) {
  return withStore(async (store) => {
    await store.commit(tx => tx.set(taskKey(ID), buildTask({ state, heads: [HEAD] })))
    await play(store, async () => must(await store.rows.get(taskKey(ID)) as { state: TaskState } | undefined, 'the task').state.status)
  })
}

describe.each([
  ['cancel_task', { why: 'It is not needed any more.' }, 'cancelled', 'Claude asks to cancel the task: It is not needed any more.'],
  ['message_task', { message: 'In Welsh, please.' }, 'addressing_feedback', 'Claude asks to tell the task: In Welsh, please.'],
])('%s', (name, input, effect, sentence) => {
  test('happens when the person agrees, and not before', () => withTask(STATES.in_review, async (store, status) => {
    expect(await call(store, name, input)).toEqual({ isError: false, text: expect.stringContaining('The person is asked whether') })
    expect(await status()).toBe('in_review')
    expect((await rows<Message>(store, MESSAGE_PREFIX)).map(entry => entry.kind === 'event' && entry.text)).toEqual([sentence])

    const [approval] = await rows<Approval>(store, APPROVAL_PREFIX)
    await store.commit(tx => decideApproval(tx, { approval: must(approval, 'the approval').id, accept: true }))
    expect(await status()).toBe(effect)
    expect(await rows(store, APPROVAL_PREFIX)).toEqual([])
  }))

  test('does not happen when the person declines, and a second device cannot decide it', () => withTask(STATES.in_review, async (store, status) => {
    await call(store, name, input)
    const { id } = must((await rows<Approval>(store, APPROVAL_PREFIX))[0], 'the approval')
    await store.commit(tx => decideApproval(tx, { approval: id, accept: false }))
    expect(await status()).toBe('in_review')
    await expect(store.commit(tx => decideApproval(tx, { approval: id, accept: true }))).rejects.toThrow('This was decided already.')
  }))

  test('happens at once for a caller who may act', () => withTask(STATES.in_review, async (store, status) => {
    expect((await call(store, name, input, true)).isError).toBe(false)
    expect([await status(), await rows(store, APPROVAL_PREFIX)]).toEqual([effect, []])
  }))

  test('is requested once', () => withTask(STATES.in_review, async (store) => {
    await call(store, name, input)
    expect(await call(store, name, input)).toEqual({ isError: true, text: expect.stringContaining('Do not ask again') })
    expect(await rows(store, APPROVAL_PREFIX)).toHaveLength(1)
  }))

  test('of a task that is over is refused with a hint, without a request', () => withTask(STATES.merged, async (store) => {
    expect(await call(store, name, input)).toEqual({ isError: true, text: 'The task is merged. Call get_task to see how it stands.' })
    expect(await rows(store, APPROVAL_PREFIX)).toEqual([])
  }))
})
