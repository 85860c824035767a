// @vitest-environment jsdom
// Markdown is rendered, and DOMPurify does not work on the other one.
import { flushPromises } from '@vue/test-utils'
import { beforeEach, expect, test } from 'vitest'
import { messageKey, pendingMessageKey } from '#shared/model/message.ts'
import { createHarness } from '../../testing/harness.ts'
import ChatPane from './ChatPane.vue'

beforeEach(() => localStorage.clear())

const said = { kind: 'person', id: 'm1', at: 0, text: 'Hello' }

function pane() {
  const harness = createHarness()
  return { ...harness, page: harness.mount(ChatPane) }
}

test('a message says where it is until it is delivered', async () => {
  const { page, connection, set } = pane()
  connection.value = 'offline'
  set({ [pendingMessageKey(1, 'm1')]: said })
  await flushPromises()
  expect(page.get('article').text()).toContain('Saved here, not sent yet')
  connection.value = 'live'
  await flushPromises()
  expect(page.get('article').text()).toContain('Sending …')
})

test('a decision says where it is until it is delivered', async () => {
  const { page, connection, set } = pane()
  connection.value = 'offline'
  set({ [pendingMessageKey(1, 'e1')]: { kind: 'event', id: 'e1', at: 0, task: 'abcdefghi1', text: 'The task was started.' } })
  await flushPromises()
  expect(page.get('article').text()).toMatch(/The task was started\..*Saved here, not sent yet/)
})

test('a delivered message is quiet', async () => {
  const { page, set } = pane()
  set({ [messageKey(1)]: said })
  await flushPromises()
  expect(page.get('article').text()).not.toMatch(/Sending|Saved/)
})

test('live words are shown before they are stored, and the stored reply wins', async () => {
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

test('words that were refused can be taken back into the input', async () => {
  const { page, calls, set } = pane()
  set({ 'refusal/c/1': { id: 'c/1', at: 0, kind: 'too-large', mutation: 'sendMessage', reason: 'It was too large.', words: 'my own words' } })
  await flushPromises()
  await page.findAll('[aria-label="Not delivered"] button')[0]?.trigger('click')
  await flushPromises()
  expect((page.get('textarea').element as HTMLTextAreaElement).value).toBe('my own words')
  expect(calls).toEqual(['dismissRefusal {"id":"c/1"}'])
})

test('what another device was refused is told there', () => {
  const { set, mount } = createHarness()
  set({ 'refusal/another/1': { id: 'another/1', at: 0, kind: 'stale', mutation: 'decideTask', reason: 'It was too late.', words: null } })
  expect(mount(ChatPane).text()).not.toContain('too late')
})

test('a turn that failed says why and can be tried again', async () => {
  const { page, calls, set } = pane()
  set({ [messageKey(1)]: said, turn: { state: 'failed', since: 0, id: 't1', why: 'The key was refused.' } })
  await flushPromises()
  expect(page.text()).toContain('The key was refused.')
  await page.findAll('button').find(one => one.text() === 'Try again')?.trigger('click')
  expect(calls).toEqual(['retryTurn {"turn":"t1"}'])
})

test('the demo model never passes for Claude', async () => {
  const { page, set } = pane()
  set({ 'status/model': { id: 'demo', demo: true } })
  await flushPromises()
  expect(page.text()).toContain('Demo model')
})
