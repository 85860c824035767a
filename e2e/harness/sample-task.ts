import type { Task } from '#shared/model/task.ts'
import type { Device } from './device.ts'
import type { System } from './system.ts'
import { expect } from 'vitest'
import { waitUntil } from '../../scripts/lib/wait-until.ts'
import { sample } from '../fakes/sample.ts'
import { send } from './device.ts'
import { readRows } from './rows.ts'

/** Far more than two attempts by the real Claude Code and two workflow runs take on a slow machine. */
const TASK_TIMEOUT_MS = 900_000

/** A message on one device, the proposal started on another. */
export async function startSampleTask(asking: Device, confirming: Device = asking, { planFirst = false } = {}): Promise<void> {
  await send(asking.page, sample.ask)
  if (planFirst)
    await confirming.page.getByRole('checkbox', { name: /^Plan first/ }).first().check()
  await confirming.page.getByRole('button', { name: 'Start task' }).first().click()
}

/** The only task, once it has come to this status. */
export async function waitForStatus(status: Task['state']['status'], device: Device): Promise<Task> {
  return await waitUntil(`the task to be ${status}`, async () => {
    const { tasks: [task] } = await readRows(device)
    if (task?.state.status === 'failed' && status !== 'failed')
      throw new Error(`The task failed: ${task.state.reason}`)
    return task?.state.status === status && task
  }, { timeoutMs: TASK_TIMEOUT_MS })
}

/** The only task, once it waits for a person: the runner marks the pull request ready right after CI is green. */
export async function waitForReview({ fakes }: System, device: Device): Promise<Task> {
  const task = await waitForStatus('in_review', device)
  await waitUntil('the pull request to be ready', () => fakes.github.pulls(sample.repository).every(({ draft }) => !draft))
  return task
}

/** All that must be the same however often something was killed on the way. */
export async function taskOutcome({ fakes }: System, device: Device) {
  const { messages, tasks: [task] } = await readRows(device)
  const branch = task?.branch ?? ''
  return {
    status: task?.state.status,
    attempts: task?.history.map(({ phase, outcome }) => `${phase}: ${outcome}`),
    events: messages.flatMap(message => message.kind === 'event' ? [message.text] : []),
    pulls: fakes.github.pulls(sample.repository).map(({ state, draft, head }) => ({ state, draft, branch: head === branch })),
    commits: await fakes.github.commitCount(sample.repository, branch),
  }
}

/** What the conversation is told, each once. */
export const EXPECTED_EVENTS = eventsOf({ pull: 1, planned: [] })

/** The same of a task whose plan was discussed in an issue, which GitHub numbers together with pull requests. */
export const EXPECTED_PLANNED_EVENTS = eventsOf({
  pull: 2,
  planned: ['A plan is ready for review.', 'The plan can be discussed in issue #1.', 'The plan was approved.'],
})

function eventsOf({ pull, planned }: { pull: number, planned: string[] }): unknown[] {
  const first = planned.length === 0 ? 1 : 2
  return [
    'The task was started.',
    ...planned,
    expect.stringMatching(new RegExp(`^Attempt ${first} pushed [\\da-f]{7}; waiting for CI\\.$`)),
    `Pull request #${pull} was opened.`,
    expect.stringMatching(/^CI failed: .* Fix 1 of 5 begins\.$/),
    expect.stringMatching(new RegExp(`^Attempt ${first + 1} pushed [\\da-f]{7}; waiting for CI\\.$`)),
    expect.stringMatching(/^CI is green: 2 checks passed\. The pull request is ready for you\.$/),
  ]
}
