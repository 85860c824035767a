// @vitest-environment jsdom
// Markdown is rendered, and DOMPurify does not work on the other one.
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
  const field = (name: string) => must(page.findAll('label').find(one => one.text().startsWith(name)), name).get('input, textarea')
  return { ...harness, page, proposal, button, field }
}

test('one tap starts it as it was proposed', async () => {
  const { button, calls } = card()
  await button('Start task').trigger('click')
  expect(calls).toEqual(['decideTask {"task":"abcdefghi1","event":{"kind":"confirm"}}'])
})

test('what was edited goes with the start, a pasted address as its name', async () => {
  const { button, field, calls } = card()
  await field('Repository').setValue('https://github.com/other/place.git')
  await field('Plan first').setValue(true)
  await button('Start task').trigger('click')
  expect(calls).toEqual(['decideTask {"task":"abcdefghi1","event":{"kind":"confirm","edits":{"repository":"other/place","planFirst":true}}}'])
})

test.each([
  ['', /Name a repository/],
  ['https://gitlab.com/a/b', /gitlab.com is not GitHub/],
  ['just-a-word', /does not name a repository/],
])('the repository %j says what is wrong and cannot start', async (typed, sentence) => {
  const { page, button, field } = card()
  await field('Repository').setValue(typed)
  expect(page.get('[role=alert]').text()).toMatch(sentence)
  expect(button('Start task').attributes('disabled')).toBeDefined()
})

test('a decision that came too late says so on the card', async () => {
  const { page, button, refuse } = card()
  refuse(new Refused('finished', 'The task was dismissed.'))
  await button('Start task').trigger('click')
  await flushPromises()
  expect(page.get('[role=alert]').text()).toBe('The task was dismissed.')
})

test('once started the same card shows the live task', async () => {
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
