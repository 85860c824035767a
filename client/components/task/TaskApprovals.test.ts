import type { Approval } from '#shared/model/approval.ts'
import { flushPromises } from '@vue/test-utils'
import { expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { Refused } from '#shared/model/refusal.ts'
import { task } from '../../testing/builders.ts'
import { createHarness } from '../../testing/harness.ts'
import InboxList from '../inbox/InboxList.vue'

const approval: Approval = {
  id: 'approval1',
  at: 5,
  task: 'abcdefghi1',
  by: 'Claude',
  wants: { kind: 'cancel', why: 'It is done elsewhere.' },
}
const running = task({
  state: { status: 'implementing', since: 0, work: { attempt: 1, assignment: { phase: 'implement' }, startedAt: 0 } },
})

function open() {
  const harness = createHarness()
  harness.set({ 'task/abcdefghi1': running, 'approval/approval1': approval })
  const page = harness.mount(InboxList)
  const button = (name: string) => must(page.findAll('button').find(one => one.text() === name), name)
  return { ...harness, page, press: (name: string) => button(name).trigger('click') }
}

test.each([
  ['Cancel task', true],
  ['Let it go on', false],
])('an approval is in the inbox with its reason, and "%s" decides it', async (name, accept) => {
  const { page, press, calls } = open()
  expect(page.text()).toContain('Claude asks to cancel this task')
  expect(page.text()).toContain('It is done elsewhere.')
  await press(name)
  const decisions = calls.filter(call => call.startsWith('decideApproval'))
  expect(decisions).toEqual([`decideApproval ${JSON.stringify({ approval: 'approval1', accept })}`])
})

test('a late decision is refused with the reason', async () => {
  const { page, press, refuse } = open()
  refuse(new Refused('stale', 'This was decided already.'))
  await press('Cancel task')
  await flushPromises()
  expect(page.get('[role=alert]').text()).toBe('This was decided already.')
})
