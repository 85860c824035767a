// @vitest-environment jsdom
// Markdown is rendered, and DOMPurify does not work on happy-dom.
import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, test, vi } from 'vitest'
import { messageKey } from '#shared/model/message.ts'
import { task } from '../../testing/builders.ts'
import { createHarness } from '../../testing/harness.ts'
import SearchPane from './SearchPane.vue'

afterEach(() => document.body.replaceChildren())

const message = (n: number, text: string) => ({ [messageKey(n)]: { kind: 'person' as const, id: `m${n}`, at: n, text } })

function open() {
  const page = createHarness()
  page.connection.value = 'offline'
  page.set({ ...message(1, 'We saw a heron'), ...message(2, 'and an osprey') })
  page.set({ 'task/abcdefghi1': task({ plan: 'Feed the heron.' }) })
  return { ...page, pane: page.mount(SearchPane) }
}

test('the field has the focus, and each key searches this device', async () => {
  const { pane } = open()
  const field = pane.get('input')
  expect(document.activeElement).toBe(field.element)
  await field.setValue('hero')
  expect(pane.findAll('mark').map(mark => mark.text())).toEqual(['heron', 'heron'])
  expect(pane.get('[role=status]').text())
    .toBe('Searched on this device. Logs and what is older are searched when you are online.')
})

test('a message opens in its context, and the results stay', async () => {
  const { pane } = open()
  await pane.get('input').setValue('osprey ')
  await pane.get('[aria-label=Results] button').trigger('click')
  await flushPromises()
  expect(pane.get('[aria-current]').text()).toContain('and an osprey')
  expect(pane.get('ol').text()).toContain('We saw a heron')
  await pane.get('button').trigger('click')
  expect(pane.get('input').element.value).toBe('osprey ')
})

test('a found plan opens its task', async () => {
  const { pane } = open()
  await pane.get('input').setValue('feed ')
  await pane.get('[aria-label=Results] button').trigger('click')
  expect(location.pathname).toBe('/tasks/abcdefghi1')
})

test('the edge\'s answer replaces the device\'s results', async () => {
  vi.useFakeTimers()
  const { pane, connection } = open()
  connection.value = 'live'
  await flushPromises()
  const snippet = [{ text: 'a heron in the log', hit: false }]
  const hit = { kind: 'log', at: 1, task: 'abcdefghi1', title: 'A task', attempt: 2, snippet }
  const get = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => Response.json({ hits: [hit] }))
  await pane.get('input').setValue('heron')
  await vi.advanceTimersByTimeAsync(200)
  expect(pane.get('[aria-label=Results]').text()).toContain('Log of “A task”, attempt 2')
  expect(pane.get('[role=status]').text()).toBe('1 place')
  expect(get.mock.calls).toEqual([['/api/search?q=heron']])
  get.mockRestore()
  vi.useRealTimers()
})
