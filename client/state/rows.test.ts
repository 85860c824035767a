import { expect, test } from 'vitest'
import { isPendingMessageKey, messageKey, pendingMessageKey } from '#shared/model/message.ts'
import { taskKey } from '#shared/model/task.ts'
import { task } from '../testing/builders.ts'
import { createRows } from './rows.ts'

function person(id: string) {
  return { kind: 'person', id, at: 1, text: id }
}

test('messages are in key order, pending ones at the end', () => {
  const { rows, apply } = createRows()
  apply([
    { key: pendingMessageKey(5, 'p'), value: person('p') },
    { key: messageKey(10), value: person('ten') },
    { key: messageKey(2), value: person('two') },
  ])
  expect(rows.thread.value.map(({ message, pending }) => [message.id, pending])).toEqual([['two', false], ['ten', false], ['p', true]])
  apply([{ key: pendingMessageKey(5, 'p'), value: undefined }, { key: messageKey(11), value: person('p') }])
  expect(rows.thread.value.map(({ message }) => message.id)).toEqual(['two', 'ten', 'p'])
  expect(rows.thread.value.some(({ key }) => isPendingMessageKey(key))).toBe(false)
})

test('a growing reply stays in its place', () => {
  const { rows, apply } = createRows()
  const reply = (text: string) => ({ kind: 'claude', id: 'c', at: 1, turn: 't', text, state: 'streaming' })
  apply([{ key: messageKey(1), value: reply('') }, { key: messageKey(2), value: person('later') }])
  apply([{ key: messageKey(1), value: reply('words') }])
  expect(rows.thread.value.map(({ message }) => 'text' in message && message.text)).toEqual(['words', 'later'])
})

test('tasks are replaced, removed and kept newest first', () => {
  const { rows, apply } = createRows()
  const ids = () => rows.tasks.value.map(({ id, title }) => `${id} ${title}`)
  const old = task({ id: 'aaaaaaaaaa', createdAt: 1, title: 'old' })
  const young = task({ id: 'bbbbbbbbbb', createdAt: 2, title: 'young' })
  apply([old, young].map(value => ({ key: taskKey(value.id), value })))
  apply([{ key: taskKey(old.id), value: { ...old, title: 'renamed' } }])
  expect(ids()).toEqual(['bbbbbbbbbb young', 'aaaaaaaaaa renamed'])
  apply([{ key: taskKey(young.id), value: undefined }])
  expect(ids()).toEqual(['aaaaaaaaaa renamed'])
})

test('a row that cannot be read is set aside with its reason, and takes no other with it', () => {
  const { rows, apply } = createRows()
  const good = task({ id: 'aaaaaaaaaa' })
  const bad = { ...task({ id: 'bbbbbbbbbb' }), usage: { costUsd: 1, inputTokens: null, outputTokens: 1 } }
  apply([
    { key: messageKey(1), value: { kind: 'hologram' } },
    { key: taskKey('bbbbbbbbbb'), value: bad },
    { key: taskKey(good.id), value: good },
    { key: 'turn', value: { state: 'idle', since: 0 } },
  ])
  expect([rows.thread.value, rows.tasks.value, rows.turn.value?.state, rows.ready.value]).toEqual([[], [good], 'idle', true])
  expect(rows.unreadable.value).toEqual([
    { key: messageKey(1), kind: 'message', why: expect.stringMatching(/\w/), value: { kind: 'hologram' } },
    { key: taskKey('bbbbbbbbbb'), kind: 'task', why: expect.stringMatching(/usage\.inputTokens/), value: bad },
  ])
})

test('a row that was repaired or deleted is set aside no longer', () => {
  const { rows, apply } = createRows()
  apply([{ key: 'turn', value: 'garbage' }, { key: messageKey(1), value: 'garbage' }])
  expect(rows.unreadable.value.map(({ key }) => key)).toEqual([messageKey(1), 'turn'])
  apply([{ key: 'turn', value: { state: 'idle', since: 0 } }, { key: messageKey(1), value: undefined }])
  expect(rows.unreadable.value).toEqual([])
})
