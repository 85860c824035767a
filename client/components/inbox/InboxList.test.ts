// @vitest-environment jsdom
// Markdown is rendered, and DOMPurify does not work on happy-dom.
import type { Task, TaskState } from '#shared/model/task.ts'
import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { taskKey } from '#shared/model/task.ts'
import { UNDO_MS } from '../../state/undo-queue.ts'
import { task } from '../../testing/builders.ts'
import { createHarness } from '../../testing/harness.ts'
import InboxList from './InboxList.vue'

beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  localStorage.clear()
})

function inbox(...tasks: Task[]) {
  const harness = createHarness()
  harness.set(Object.fromEntries([['turn', { state: 'idle', since: 0 }], ...tasks.map(it => [taskKey(it.id), it])]))
  const page = harness.mount(InboxList)
  const button = (name: string) => must(page.findAll('button').find(one => one.text() === name), name)
  const decisions = () => harness.calls.filter(call => call.startsWith('decideTask'))
  return { ...harness, page, button, decisions }
}

const planned: TaskState = { status: 'plan_review', since: 50, plan: 'First, look.' }
const waitingForAnswer: TaskState = {
  status: 'waiting_answer',
  since: 50,
  plan: null,
  questions: [
    { id: 'q1', text: 'Which zone?', options: ['UTC', 'Berlin'] },
    { id: 'q2', text: 'And if empty?', options: [] },
  ],
}

test('an empty inbox has its sentence', () => {
  expect(inbox().page.text()).toContain('Nothing waits for you.')
})

test('the oldest item comes first', () => {
  const { page } = inbox(
    task({ id: 'aaaaaaaaaa', title: 'young', state: { status: 'proposed', since: 20 } }),
    task({ id: 'bbbbbbbbbb', title: 'old', state: { status: 'proposed', since: 10 } }),
    task({ id: 'cccccccccc', title: 'busy', state: { status: 'merged', since: 1 } }),
  )
  const labels = page.findAll('article').map(item => item.attributes('aria-label'))
  expect(labels).toEqual(['Start this task?: old', 'Start this task?: young'])
})

test('a plan is approved with one tap', async () => {
  const { button, decisions } = inbox(task({ state: planned }))
  await button('Approve plan').trigger('click')
  expect(decisions()).toEqual([])
  vi.advanceTimersByTime(UNDO_MS)
  expect(decisions()).toEqual(['decideTask {"task":"abcdefghi1","event":{"kind":"approve-plan"}}'])
})

test('a decision of one tap can be undone for five seconds', async () => {
  const { page, button, decisions } = inbox(task({ state: planned }))
  await button('Approve plan').trigger('click')
  expect(page.text()).toContain('Plan approved')
  expect(document.activeElement?.textContent?.trim()).toBe('Undo')
  await button('Undo').trigger('click')
  await flushPromises()
  expect(document.activeElement?.hasAttribute('aria-expanded')).toBe(true)
  vi.advanceTimersByTime(UNDO_MS)
  expect(decisions()).toEqual([])
})

test.each([
  ['a', '{"kind":"confirm"}'],
  ['d', '{"kind":"dismiss"}'],
])('the key %s decides the chosen item', async (key, event) => {
  const { page, decisions } = inbox(task())
  await page.get('[data-list-item]').trigger('keydown', { key })
  vi.advanceTimersByTime(UNDO_MS)
  expect(decisions()).toEqual([`decideTask {"task":"abcdefghi1","event":${event}}`])
})

test('a plan is sent back with a text', async () => {
  const { page, button, decisions } = inbox(task({ state: planned }))
  await button('Send back …').trigger('click')
  expect(button('Send back').attributes('disabled')).toBeDefined()
  await page.get('textarea').setValue('\n  smaller steps \n')
  await page.get('form').trigger('submit')
  const event = '{"kind":"revise-plan","words":"  smaller steps"}'
  expect(decisions()).toEqual([`decideTask {"task":"abcdefghi1","event":${event}}`])
})

test('questions come one at a time, and their answers are reviewed before they are sent', async () => {
  const { page, button, decisions } = inbox(task({ state: waitingForAnswer }))
  expect(page.text()).toContain('Question 1 of 2')
  await button('Berlin').trigger('click')
  await page.get('textarea').setValue('Send nothing.')
  await page.get('form').trigger('submit')
  expect(page.get('dl').text()).toMatch(/Which zone\?.*Berlin.*And if empty\?.*Send nothing\./s)
  expect(decisions()).toEqual([])
  await button('Send answers').trigger('click')
  const answers = [{ question: 'q1', text: 'Berlin' }, { question: 'q2', text: 'Send nothing.' }]
  const decision = { task: 'abcdefghi1', event: { kind: 'answer', answers } }
  expect(decisions()).toEqual([`decideTask ${JSON.stringify(decision)}`])
})

test('a failure shows advice', async () => {
  const reason = 'owner/name has no commit.'
  const assignment = { phase: 'implement' } as const
  const failed: TaskState = { status: 'failed', since: 50, kind: 'repository-empty', reason, assignment }
  const { page, button, decisions } = inbox(task({ state: failed }))
  expect(page.text()).toContain('owner/name has no commit.')
  expect(page.text()).toContain('Push a first commit')
  await button('Try again').trigger('click')
  vi.advanceTimersByTime(UNDO_MS)
  expect(decisions()).toEqual(['decideTask {"task":"abcdefghi1","event":{"kind":"retry"}}'])
})

test('an open item is marked as seen', async () => {
  const { calls } = inbox(task({ state: planned, seen: 0 }))
  await flushPromises()
  expect(calls).toContain('markSeen {"task":"abcdefghi1","since":50}')
})
