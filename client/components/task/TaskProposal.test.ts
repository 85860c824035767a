// @vitest-environment jsdom
// Markdown is rendered, and DOMPurify does not work on happy-dom.
import { flushPromises } from '@vue/test-utils'
import { expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { Refused } from '#shared/model/refusal.ts'
import { taskKey } from '#shared/model/task.ts'
import { task } from '../../testing/builders.ts'
import { createHarness } from '../../testing/harness.ts'
import TaskCard from './TaskCard.vue'

function card() {
  const harness = createHarness()
  const proposal = task()
  harness.set({ [taskKey(proposal.id)]: proposal })
  const page = harness.mount(TaskCard, { id: proposal.id })
  const button = (name: string) => must(page.findAll('button').find(one => one.text() === name), name)
  const label = (name: string) => must(page.findAll('label').find(one => one.text().startsWith(name)), name)
  const field = (name: string) => label(name).get('input, textarea')
  return { ...harness, page, proposal, button, field }
}

test('one tap starts an unchanged proposal', async () => {
  const { button, calls } = card()
  await button('Start task').trigger('click')
  expect(calls).toEqual(['decideTask {"task":"abcdefghi1","event":{"kind":"confirm"}}'])
})

test('edits are sent with the start, and a pasted address becomes the repository\'s name', async () => {
  const { button, field, calls } = card()
  await field('Repository').setValue('https://github.com/other/place.git')
  await field('Plan first').setValue(true)
  await button('Start task').trigger('click')
  const event = '{"kind":"confirm","edits":{"repository":"other/place","planFirst":true}}'
  expect(calls).toEqual([`decideTask {"task":"abcdefghi1","event":${event}}`])
})

test.each([
  ['', /Name a repository/],
  ['https://gitlab.com/a/b', /gitlab.com is not GitHub/],
  ['just-a-word', /does not name a repository/],
])('the repository %j shows its problem and cannot start', async (typed, sentence) => {
  const { page, button, field } = card()
  await field('Repository').setValue(typed)
  expect(page.get('[role=alert]').text()).toMatch(sentence)
  expect(button('Start task').attributes('disabled')).toBeDefined()
})

test('a base that git would not take shows its problem and cannot start', async () => {
  const { page, button, field } = card()
  await field('Base branch').setValue('../../etc')
  expect(page.get('[role=alert]').text()).toMatch(/cannot be a branch in git/)
  expect(button('Start task').attributes('disabled')).toBeDefined()
  await field('Base branch').setValue('release/2.0')
  expect(button('Start task').attributes('disabled')).toBeUndefined()
})

test('a late decision is refused on the card', async () => {
  const { page, button, refuse } = card()
  refuse(new Refused('finished', 'The task was dismissed.'))
  await button('Start task').trigger('click')
  await flushPromises()
  expect(page.get('[role=alert]').text()).toBe('The task was dismissed.')
})

test('the card of a started task shows its progress', async () => {
  const { page, proposal, set } = card()
  set({
    [taskKey(proposal.id)]: {
      ...proposal,
      revision: 2,
      attempts: 1,
      state: { status: 'queued', since: 0, work: { attempt: 1, assignment: { phase: 'implement' }, startedAt: null } },
    },
  })
  await flushPromises()
  expect(page.findAll('button').map(one => one.text())).not.toContain('Start task')
  expect(page.get('article').text()).toContain('Queued')
})
