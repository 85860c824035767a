// @vitest-environment jsdom
// Markdown is rendered, and DOMPurify does not work on happy-dom.
import { flushPromises } from '@vue/test-utils'
import { beforeEach, expect, test } from 'vitest'
import { messageKey, pendingMessageKey } from '#shared/model/message.ts'
import { createHarness } from '../../testing/harness.ts'
import ChatPane from './ChatPane.vue'

beforeEach(() => localStorage.clear())

const message = { kind: 'person', id: 'm1', at: 0, text: 'Hello' }

function pane() {
  const harness = createHarness()
  return { ...harness, page: harness.mount(ChatPane) }
}

test('a pending message shows its delivery state', async () => {
  const { page, connection, set } = pane()
  connection.value = 'offline'
  set({ [pendingMessageKey(1, 'm1')]: message })
  await flushPromises()
  expect(page.get('article').text()).toContain('Saved here, not sent yet')
  connection.value = 'live'
  await flushPromises()
  expect(page.get('article').text()).toContain('Sending …')
})

test('a pending decision shows its delivery state', async () => {
  const { page, connection, set } = pane()
  connection.value = 'offline'
  const event = { kind: 'event', id: 'e1', at: 0, task: 'abcdefghi1', text: 'The task was started.' }
  set({ [pendingMessageKey(1, 'e1')]: event })
  await flushPromises()
  expect(page.get('article').text()).toMatch(/The task was started\..*Saved here, not sent yet/)
})

test('a delivered message shows no delivery state', async () => {
  const { page, set } = pane()
  set({ [messageKey(1)]: message })
  await flushPromises()
  expect(page.get('article').text()).not.toMatch(/Sending|Saved/)
})

test('live text is shown before it is stored, and the stored reply wins', async () => {
  const { page, mainloop, set } = pane()
  const reply = { kind: 'claude', id: 'm2', at: 0, turn: 't', text: 'One', state: 'streaming' }
  set({ [messageKey(1)]: reply, turn: { state: 'running', since: 0, id: 't' } })
  mainloop.texts.add(messageKey(1), { offset: 3, text: ' two' })
  await flushPromises()
  expect(page.get('article').text()).toContain('One two')
  set({ [messageKey(1)]: { ...reply, text: 'One, finally', state: 'done' } })
  await flushPromises()
  expect(page.get('article').text()).toContain('One, finally')
})

test('a refused text can be put back into the input', async () => {
  const { page, calls, set } = pane()
  const reason = 'It was too large.'
  set({ 'refusal/c/1': { id: 'c/1', at: 0, kind: 'too-large', mutation: 'sendMessage', reason, words: 'my own words' } })
  await flushPromises()
  await page.findAll('[aria-label="Not delivered"] button')[0]?.trigger('click')
  await flushPromises()
  expect((page.get('textarea').element as HTMLTextAreaElement).value).toBe('my own words')
  expect(calls).toEqual(['dismissRefusal {"id":"c/1"}'])
})

test('the refusals of another device are not shown', () => {
  const { set, mount } = createHarness()
  const reason = 'It was too late.'
  set({ 'refusal/another/1': { id: 'another/1', at: 0, kind: 'stale', mutation: 'decideTask', reason, words: null } })
  expect(mount(ChatPane).text()).not.toContain('too late')
})

test('a failed turn shows the reason and can be retried', async () => {
  const { page, calls, set } = pane()
  set({ [messageKey(1)]: message, turn: { state: 'failed', since: 0, id: 't1', why: 'The key was refused.' } })
  await flushPromises()
  expect(page.text()).toContain('The key was refused.')
  await page.findAll('button').find(one => one.text() === 'Try again')?.trigger('click')
  expect(calls).toEqual(['retryTurn {"turn":"t1"}'])
})

test('the demo model is named', async () => {
  const { page, set } = pane()
  set({ 'status/model': { id: 'demo', demo: true } })
  await flushPromises()
  expect(page.text()).toContain('Demo model')
})
