// @vitest-environment jsdom
// Markdown is rendered, and DOMPurify does not work on the other one.
import { flushPromises } from '@vue/test-utils'
import { beforeEach, expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { task } from '../../testing/builders.ts'
import { createHarness } from '../../testing/harness.ts'
import TaskPlanReview from './TaskPlanReview.vue'

beforeEach(() => localStorage.clear())

function review(since = 1) {
  const harness = createHarness()
  const page = harness.mount(TaskPlanReview, { task: task({ state: { status: 'plan_review', since, plan: 'Paint it.' } }), plan: 'Paint it.' })
  return { ...harness, page, press: (words: string) => must(page.findAll('button').find(one => one.text() === words), words).trigger('click') }
}

test('what should change is still there after a reload', async () => {
  const { page, press } = review()
  await press('Send back …')
  await page.get('textarea').setValue('Blue, not red')
  page.unmount()
  expect((review().page.get('textarea').element as HTMLTextAreaElement).value).toBe('Blue, not red')
})

test('words for one plan are not words for the next', async () => {
  const { page, press } = review()
  await press('Send back …')
  await page.get('textarea').setValue('Blue, not red')
  page.unmount()
  expect(review(2).page.find('textarea').exists()).toBe(false)
})

test('what was sent is not kept', async () => {
  const { page, press, calls } = review()
  await press('Send back …')
  await page.get('textarea').setValue('Blue, not red')
  await page.get('form').trigger('submit')
  await flushPromises()
  expect(calls).toEqual(['decideTask {"task":"abcdefghi1","event":{"kind":"revise-plan","words":"Blue, not red"}}'])
  page.unmount()
  expect(review().page.find('textarea').exists()).toBe(false)
})
