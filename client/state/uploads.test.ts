import type { MessageFile } from '#shared/model/attachment.ts'
import type { ConnectionState } from '../lib/connection-state.ts'
import type { DueFile } from './uploads.ts'
import { flushPromises } from '@vue/test-utils'
import { expect, test } from 'vitest'
import { ref, shallowRef } from 'vue'
import { messageKey, pendingMessageKey } from '#shared/model/message.ts'
import { changedThread } from '../lib/thread.ts'
import { openFileStore } from './file-store.ts'
import { createUploads } from './uploads.ts'

function device(...answers: ('done' | 'later')[]) {
  const thread = shallowRef(changedThread([], new Map()))
  const connection = ref<ConnectionState>('offline')
  const store = openFileStore('test', 'mem')
  const sent: DueFile[] = []
  const slept: number[] = []
  const uploads = createUploads({
    thread,
    connection,
    store,
    send: async (due) => {
      sent.push(due)
      return answers.shift() ?? 'done'
    },
    sleep: async ms => void slept.push(ms),
    chance: () => 0,
  })
  return {
    connection,
    sent,
    slept,
    stop: uploads.stop,
    keep: (id: string) => store.put(id, new ArrayBuffer(1), { name: id, needed: true }),
    async addMessage(key: string, ...files: [string, MessageFile['state']][]) {
      const list = files.map(([id, state]): MessageFile => ({ state, file: { kind: 'text', id, name: id, size: 1 } }))
      const message = { kind: 'person' as const, id: key, at: 0, text: '', files: list }
      thread.value = changedThread(thread.value, new Map([[key, message]]))
      await flushPromises()
    },
    async online() {
      connection.value = 'live'
      await flushPromises()
    },
  }
}

test('files are sent in order and once, after their message has its final key and there is a connection', async () => {
  const on = device()
  await Promise.all(['a', 'b', 'c'].map(on.keep))
  await on.addMessage(pendingMessageKey(1, 'm'), ['a', 'coming'])
  await on.addMessage(messageKey(7), ['b', 'coming'], ['c', 'coming'])
  expect(on.sent).toEqual([])
  await on.online()
  expect(on.sent).toEqual([{ message: 7, id: 'b' }, { message: 7, id: 'c' }])
  await on.addMessage(messageKey(8), ['a', 'coming'])
  expect(on.sent.slice(2)).toEqual([{ message: 8, id: 'a' }])
})

test('a failed upload is retried with a growing backoff', async () => {
  const on = device('later', 'later', 'done')
  await on.keep('a')
  await on.addMessage(messageKey(1), ['a', 'coming'])
  await on.online()
  expect([on.sent.length, on.slept]).toEqual([3, [150, 300]])
})

test.each([
  ['is at the edge', 'a', 'here'],
  ['was refused', 'a', 'refused'],
  ['is on another device', 'elsewhere', 'coming'],
] as const)('a file that %s is not sent', async (_, id, state) => {
  const on = device()
  await on.keep('a')
  await on.online()
  await on.addMessage(messageKey(1), [id, state])
  expect(on.sent).toEqual([])
})

test('a stopped upload queue sends nothing', async () => {
  const on = device()
  await on.keep('a')
  on.stop()
  await on.online()
  await on.addMessage(messageKey(1), ['a', 'coming'])
  expect(on.sent).toEqual([])
})
