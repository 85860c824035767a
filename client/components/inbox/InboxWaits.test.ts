// @vitest-environment jsdom
// Markdown is rendered, and DOMPurify does not work on happy-dom.
import type { Task } from '#shared/model/task.ts'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { taskKey } from '#shared/model/task.ts'
import { UNDO_MS } from '../../state/undo-queue.ts'
import { task } from '../../testing/builders.ts'
import { createHarness } from '../../testing/harness.ts'
import AppHeader from '../app/AppHeader.vue'
import InboxList from './InboxList.vue'

const HEAD = 'a'.repeat(40)
const pull = { number: 7, url: 'https://github.com/octo/hello/pull/7', draft: true }
/** The page's clock may be that of an earlier test, so what has waited long began long ago. */
const LONG_AGO = 1

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  localStorage.clear()
})

function show(one: Task) {
  const harness = createHarness()
  harness.set({ turn: { state: 'idle', since: 0 }, [taskKey(one.id)]: one })
  const page = harness.mount(InboxList)
  const press = (name: string) => must(page.findAll('button').find(button => button.text() === name), name).trigger('click')
  const decisions = () => harness.calls.filter(call => call.startsWith('decideTask'))
  return { ...harness, page, press, decisions }
}

test('a check that stays pending is named, and the person can mark the pull request ready', async () => {
  const { page, press, decisions } = show(task({ pull, state: { status: 'checking', since: LONG_AGO, head: HEAD, pending: ['tide'] } }))
  expect(page.find('article').attributes('aria-label')).toMatch(/^Waits too long/)
  expect(page.text()).toContain('Still pending: tide. See on GitHub what its app waits for.')
  await press('Mark ready')
  vi.advanceTimersByTime(UNDO_MS)
  expect(decisions()).toEqual([expect.stringContaining(`{"kind":"mark-ready","expectedHead":"${HEAD}"}`)])
})

test('a check that has been pending for less is not in the inbox', () => {
  expect(show(task({ state: { status: 'checking', since: Date.now(), head: HEAD, pending: ['tide'] } })).page.find('article').exists()).toBe(false)
})

test('jobs that skip drafts are said, and the person can mark the pull request ready', async () => {
  const { page, press, decisions } = show(task({ pull, state: { status: 'in_review', since: 50, head: HEAD, ci: 'draft', waiting: ['CI / test'] } }))
  expect(page.text()).toContain('CI skips drafts, so nothing was verified.')
  await press('Mark ready')
  vi.advanceTimersByTime(UNDO_MS)
  expect(decisions()).toHaveLength(1)
})

test('what is marked ready cannot be marked again, nor what is green', () => {
  for (const fields of [{ ci: 'draft', ready: true }, { ci: 'passed' }] as const)
    expect(show(task({ pull, state: { status: 'in_review', since: 50, head: HEAD, ...fields } })).page.text()).not.toContain('Mark ready')
})

test('a blocked task says why, and a paused one can go on', async () => {
  const blocked = { on: 'github' as const, why: 'GitHub does not answer.', since: LONG_AGO }
  expect(show(task({ state: { status: 'checking', since: LONG_AGO, head: HEAD, pending: [] }, blocked })).page.text()).toContain('GitHub does not answer.')
  const { page, press, decisions } = show(task({
    state: { status: 'paused', since: 50, until: Date.now() + 1000, why: 'The usage limit was reached.', assignment: { phase: 'implement' } },
  }))
  expect(page.text()).toContain('The usage limit was reached.')
  await press('Go on now')
  vi.advanceTimersByTime(UNDO_MS)
  expect(decisions()).toEqual([expect.stringContaining('{"kind":"retry"}')])
})

test.each([
  ['new', 0, true],
  ['seen, and waits', 50, false],
])('the badge tells whether an item is %s', (_, seen, isNew) => {
  const harness = createHarness()
  const one = task({ seen, state: { status: 'proposed', since: 50 } })
  harness.set({ turn: { state: 'idle', since: 0 }, [taskKey(one.id)]: one })
  const text = harness.mount(AppHeader, { wide: true }).text()
  expect(text).toContain('Inbox1')
  expect(text.includes('some of it new')).toBe(isNew)
})
