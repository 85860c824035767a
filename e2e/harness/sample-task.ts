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

/** Sends the sample message on one device, and starts the proposed task on another. */
export async function startSampleTask(asking: Device, confirming: Device = asking, { planFirst = false } = {}): Promise<void> {
  await send(asking.page, sample.message)
  if (planFirst)
    await confirming.page.getByRole('checkbox', { name: /^Plan first/ }).first().check()
  await confirming.page.getByRole('button', { name: 'Start task' }).first().click()
}

/** Waits until the only task has this status; throws when it fails instead. */
export async function waitForStatus(status: Task['state']['status'], device: Device): Promise<Task> {
  return await waitUntil(`the task to be ${status}`, async () => {
    const { tasks: [task] } = await readRows(device)
    if (task?.state.status === 'failed' && status !== 'failed')
      throw new Error(`The task failed: ${task.state.reason}`)
    return task?.state.status === status && task
  }, { timeoutMs: TASK_TIMEOUT_MS })
}

/** Waits until the only task is in review and its pull request ready, which the runner makes it shortly after CI is green. */
export async function waitForReview({ fakes }: System, device: Device): Promise<Task> {
  const task = await waitForStatus('in_review', device)
  await waitUntil('the pull request to be ready', () => fakes.github.pulls(sample.repository).every(({ draft }) => !draft))
  return task
}

/** The parts of the outcome that must not depend on crashes during the task. */
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

/** The task's events in the conversation, each once. */
export const EXPECTED_EVENTS = eventsOf({ pull: 1, planEvents: [] })

/** Events of a task with a plan. Its pull request is number 2, because the issue of the plan is number 1. */
export const EXPECTED_PLANNED_EVENTS = eventsOf({
  pull: 2,
  planEvents: ['A plan is ready for review.', 'The plan can be discussed in issue #1.', 'The plan was approved.'],
})

function eventsOf({ pull, planEvents }: { pull: number, planEvents: string[] }): unknown[] {
  const first = planEvents.length === 0 ? 1 : 2
  return [
    'The task was started.',
    ...planEvents,
    expect.stringMatching(new RegExp(`^Attempt ${first} pushed [\\da-f]{7}; waiting for CI\\.$`)),
    `Pull request #${pull} was opened.`,
    expect.stringMatching(/^CI failed: .* Fix 1 of 5 begins\.$/),
    expect.stringMatching(new RegExp(`^Attempt ${first + 1} pushed [\\da-f]{7}; waiting for CI\\.$`)),
    expect.stringMatching(/^CI is green: 2 checks passed\. The pull request is ready for you\.$/),
  ]
}
