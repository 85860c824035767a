// @vitest-environment jsdom
// Markdown is rendered, and DOMPurify does not work on happy-dom.
import { flushPromises } from '@vue/test-utils'
import { beforeEach, expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { task } from '../../testing/builders.ts'
import { createHarness } from '../../testing/harness.ts'
import TaskPlanReview from './TaskPlanReview.vue'

beforeEach(() => localStorage.clear())

function review(since = 1) {
  const harness = createHarness()
  const planned = task({ state: { status: 'plan_review', since, plan: 'Paint it.' } })
  const page = harness.mount(TaskPlanReview, { task: planned, plan: 'Paint it.' })
  const button = (name: string) => must(page.findAll('button').find(one => one.text() === name), name)
  return { ...harness, page, press: (name: string) => button(name).trigger('click') }
}

test('a draft revision survives a reload', async () => {
  const { page, press } = review()
  await press('Send back …')
  await page.get('textarea').setValue('Blue, not red')
  page.unmount()
  expect((review().page.get('textarea').element as HTMLTextAreaElement).value).toBe('Blue, not red')
})

test('a draft revision of one plan is not offered for the next', async () => {
  const { page, press } = review()
  await press('Send back …')
  await page.get('textarea').setValue('Blue, not red')
  page.unmount()
  expect(review(2).page.find('textarea').exists()).toBe(false)
})

test('a sent revision is not kept as a draft', async () => {
  const { page, press, calls } = review()
  await press('Send back …')
  await page.get('textarea').setValue('Blue, not red')
  await page.get('form').trigger('submit')
  await flushPromises()
  expect(calls).toEqual(['decideTask {"task":"abcdefghi1","event":{"kind":"revise-plan","words":"Blue, not red"}}'])
  page.unmount()
  expect(review().page.find('textarea').exists()).toBe(false)
})
