import type { Json } from '#shared/model/json.ts'
import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Refused } from '#shared/model/refusal.ts'
import { UNDO_MS } from '../../state/undo-queue.ts'
import { createHarness } from '../../testing/harness.ts'
import SettingsUnreadable from './SettingsUnreadable.vue'

const KEY = 'task/aaaaaaaaaa'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function unreadable(rows: Record<string, Json> = { [KEY]: { usage: null } }) {
  const harness = createHarness()
  harness.set(rows)
  const page = harness.mount(SettingsUnreadable)
  return {
    ...harness,
    page,
    press: (name: string) => page.get(`[aria-label="${name}"]`).trigger('click'),
    removals: () => harness.calls.filter(call => call.startsWith('removeRow')),
    later: async (ms: number) => {
      vi.advanceTimersByTime(ms)
      await flushPromises()
    },
  }
}

test('nothing is shown while everything can be read', () => {
  expect(unreadable({ turn: { state: 'idle', since: 0 } }).page.text()).toBe('')
})

test('a row that cannot be read is listed with its kind, its key and the reason', () => {
  const { page } = unreadable()
  expect(page.get('li').text()).toMatch(/^A task: task\/aaaaaaaaaa.*\(\w+\)/)
})

test('a deletion is made when it can no longer be undone', async () => {
  const { page, press, removals, later } = unreadable()
  await press(`Delete: ${KEY}`)
  expect(page.get('[role="status"]').text()).toContain('A task is deleted.')
  await later(UNDO_MS - 1)
  expect(removals()).toEqual([])
  await later(1)
  expect(removals()).toEqual([`removeRow {"key":"${KEY}"}`])
})

test('an undone deletion leaves the row where it was', async () => {
  const { page, press, removals, later } = unreadable()
  await press(`Delete: ${KEY}`)
  expect(page.find('li').exists()).toBe(false)
  await page.get('[role="status"] button').trigger('click')
  await later(2 * UNDO_MS)
  expect([removals(), page.findAll('li').length]).toEqual([[], 1])
})

test('a second deletion, and leaving the screen, end the time for an undo', async () => {
  const { page, press, removals } = unreadable({ [KEY]: 'garbage', 'note/n': 'garbage' })
  await press(`Delete: ${KEY}`)
  await press('Delete: note/n')
  await flushPromises()
  expect(removals()).toEqual([`removeRow {"key":"${KEY}"}`])
  page.unmount()
  expect(removals()).toEqual([`removeRow {"key":"${KEY}"}`, 'removeRow {"key":"note/n"}'])
})

test('a refused deletion shows the reason', async () => {
  const { page, press, refuse, later } = unreadable()
  refuse(new Refused('illegal', 'This can be read, so it is not deleted here.'))
  await press(`Delete: ${KEY}`)
  await later(UNDO_MS)
  expect(page.get('[role="alert"]').text()).toContain('not deleted here')
})

test('an export has the key and the value', async () => {
  const made: Blob[] = []
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
    made.push(blob as Blob)
    return 'blob:made'
  })
  vi.spyOn(URL, 'revokeObjectURL').mockReturnValue()
  const { press } = unreadable()
  await press(`Export: ${KEY}`)
  expect(JSON.parse(await made[0]?.text() ?? '')).toEqual({ key: KEY, value: { usage: null } })
  vi.restoreAllMocks()
})
