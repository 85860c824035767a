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
  expect(calls).toEqual([expect.stringMatching(/^sendMessage \{"id":"[\w-]{21}","text":" {2}Hello \\n there"\}$/)])
  expect(text()).toBe('')
})

test.each([
  ['Shift+Enter breaks the line', 'Hello', { key: 'Enter', shiftKey: true }],
  ['Enter does not send while an input method is composing', 'こん', { key: 'Enter', isComposing: true }],
  ['Enter does not send when Safari ended the composition before it', 'こん', { key: 'Enter', keyCode: 229 }],
  ['spaces alone are not sent', '  ', { key: 'Enter' }],
])('%s', async (_, typed, key) => {
  const { field, calls, text } = composer()
  await field.setValue(typed)
  await field.trigger('keydown', key)
  expect([calls, text()]).toEqual([[], typed])
})

test('pasted code keeps its indentation, and loses blank lines around it', async () => {
  const { field, calls } = composer()
  await field.setValue('\n    if (a)\n      b()\n\n')
  await field.trigger('keydown', { key: 'Enter' })
  expect(calls).toEqual([expect.stringContaining('"text":"    if (a)\\n      b()"')])
})

test('the draft follows a composition, so that the field grows with it', async () => {
  const { page, field, text } = composer()
  await field.trigger('compositionstart')
  field.element.value = 'にほ'
  await field.trigger('input')
  expect(page.get('button[type=submit]').attributes('disabled')).toBeUndefined()
  page.unmount()
  expect(composer().text()).toBe('にほ')
  expect(text()).toBe('にほ')
})

test('the Enter key of a touch keyboard breaks the line, and the button sends', async () => {
  const { matchMedia } = window
  const touch = { matches: true, addEventListener: () => {}, removeEventListener: () => {} } as unknown as MediaQueryList
  window.matchMedia = query => query === '(pointer: coarse)' ? touch : matchMedia.call(window, query)
  try {
    const { page, field, calls } = composer()
    await field.setValue('One')
    const event = new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true })
    field.element.dispatchEvent(event)
    expect([calls, event.defaultPrevented, field.attributes('enterkeyhint')]).toEqual([[], false, 'enter'])
    await page.get('form').trigger('submit')
    expect(calls).toHaveLength(1)
  }
  finally {
    window.matchMedia = matchMedia
  }
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

test('the Esc key of a composition stops nothing', async () => {
  const { field, calls, set } = composer()
  set({ turn: { state: 'running', since: 0, id: 't1' } })
  await field.trigger('keydown', { key: 'Escape', isComposing: true })
  await field.trigger('keydown', { key: 'Escape', keyCode: 229 })
  expect(calls).toEqual([])
})

test('the Esc key stops a running reply', async () => {
  const { field, calls, set } = composer()
  set({ turn: { state: 'running', since: 0, id: 't1' } })
  await field.trigger('keydown', { key: 'Escape' })
  expect(calls).toEqual(['stopTurn {"turn":"t1"}'])
})
