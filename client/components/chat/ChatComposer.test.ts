import { flushPromises } from '@vue/test-utils'
import { beforeEach, expect, test } from 'vitest'
import { MAX_MESSAGE_LENGTH } from '#shared/model/limits.ts'
import { Refused } from '#shared/model/refusal.ts'
import { createHarness } from '../../testing/harness.ts'
import ChatComposer from './ChatComposer.vue'

beforeEach(() => localStorage.clear())

function composer() {
  const harness = createHarness()
  const page = harness.mount(ChatComposer)
  const field = page.get('textarea')
  return { ...harness, page, field, text: () => (field.element as HTMLTextAreaElement).value }
}

test('the Enter key sends and empties the input', async () => {
  const { field, calls, text } = composer()
  await field.setValue('  Hello \n there ')
  await field.trigger('keydown', { key: 'Enter' })
  await flushPromises()
  expect(calls).toEqual([expect.stringMatching(/^sendMessage \{"id":"[\w-]{21}","text":"Hello \\n there"\}$/)])
  expect(text()).toBe('')
})

test.each([
  ['Shift+Enter breaks the line', 'Hello', { key: 'Enter', shiftKey: true }],
  ['Enter does not send while an input method is composing', 'こん', { key: 'Enter', isComposing: true }],
  ['spaces alone are not sent', '  ', { key: 'Enter' }],
])('%s', async (_, typed, key) => {
  const { field, calls, text } = composer()
  await field.setValue(typed)
  await field.trigger('keydown', key)
  expect([calls, text()]).toEqual([[], typed])
})

test('a text over the limit is refused with the limit named, and kept', async () => {
  const { page, field, calls, text } = composer()
  const long = 'x'.repeat(MAX_MESSAGE_LENGTH + 1)
  await field.setValue(long)
  await field.trigger('keydown', { key: 'Enter' })
  expect(page.get('[role=alert]').text()).toMatch(/256,001 characters; a message can have 256,000/)
  expect([calls, text()]).toEqual([[], long])
  expect(page.get('button[type=submit]').attributes('disabled')).toBeDefined()
})

test('a refused text returns to the input with the reason', async () => {
  const { page, field, refuse, text } = composer()
  refuse(new Refused('too-large', 'Too much.'))
  await field.setValue('Hello')
  await field.trigger('keydown', { key: 'Enter' })
  await flushPromises()
  expect([text(), page.get('[role=alert]').text()]).toEqual(['Hello', 'Too much.'])
})

test('the draft survives a reload', async () => {
  const first = composer()
  await first.field.setValue('half a thought')
  await flushPromises()
  first.page.unmount()
  expect(composer().text()).toBe('half a thought')
})

test('the Esc key stops a running reply', async () => {
  const { field, calls, set } = composer()
  set({ turn: { state: 'running', since: 0, id: 't1' } })
  await field.trigger('keydown', { key: 'Escape' })
  expect(calls).toEqual(['stopTurn {"turn":"t1"}'])
})
