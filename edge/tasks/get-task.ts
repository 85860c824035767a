import type { AttemptRecord, Question, TaskState } from '#shared/model/task.ts'
import type { ReadTx } from '#shared/mutators/tx.ts'
import { formatDistanceStrict } from 'date-fns/formatDistanceStrict'
import * as z from 'zod'
import { describeState } from '#shared/task/describe-state.ts'
import { untrusted } from '#shared/text/untrusted.ts'
import { findTask } from './find-task.ts'

export const getTaskInput = z.object({ task: z.string().max(100).describe('The task\'s id, as list_tasks shows it.') })
export type GetTaskInput = z.infer<typeof getTaskInput>

/** Longer plans and summaries are cut and marked as cut. Characters. */
const MAX_PART_LENGTH = 12_000

/** The last attempts show the present state; the events of earlier ones are in the conversation. */
const MAX_ATTEMPTS = 8

/** Everything about a task as text. Text by workers, GitHub or CI is marked as untrusted. */
export async function getTask(tx: ReadTx & { now: number }, { task: id }: GetTaskInput): Promise<string> {
  const task = await findTask(tx, id)
  return [
    `Task ${task.id} "${task.title}" on ${task.repository}${task.base ? ` from ${task.base}` : ''}.`,
    `It ${describeState(task.state)}, for ${formatDistanceStrict(task.state.since, tx.now)}.`,
    ...(task.blocked ? [`It waits for ${task.blocked.on}:\n${untrusted('runner', task.blocked.why)}`] : []),
    ...(task.pull ? [`Pull request: ${task.pull.url}${task.pull.draft ? ' (draft)' : ''}`] : []),
    `Cost: ${usd(task.usage.costUsd)} of ${usd(task.budgetUsd)}. Fixes: ${task.fixes} of ${task.fixLimit}.`,
    `Brief:\n${cut(task.brief)}`,
    ...(task.guidance.length > 0
      ? [`What the person said since:\n${task.guidance.map(words => `- ${cut(words)}`).join('\n')}`]
      : []),
    ...(task.plan ? [`Plan:\n${untrusted('plan', cut(task.plan))}`] : []),
    ...detail(task.state),
    ...(task.flags.length > 0
      ? [`Flags:\n${untrusted('worker', task.flags.map(flag => `- ${flag}`).join('\n'))}`]
      : []),
    ...attempts(task.history),
  ].join('\n\n')
}

function usd(amount: number): string {
  return `$${amount.toFixed(2)}`
}

function attempts(history: readonly AttemptRecord[]): string[] {
  const last = history.slice(-MAX_ATTEMPTS)
  return last.length > 0
    ? [`Attempts, the last ${last.length} of ${history.length}:\n${untrusted('worker', last.map(attempt).join('\n'))}`]
    : []
}

function detail(state: TaskState): string[] {
  if (state.status === 'waiting_answer')
    return [`Its questions:\n${untrusted('worker', state.questions.map(question).join('\n'))}`]
  if (state.status === 'failed')
    return [`Why it failed (${state.kind}):\n${untrusted('worker', cut(state.reason))}`]
  if (state.status === 'checking' && state.pending.length > 0)
    return [`Checks that have not ended:\n${untrusted('CI', state.pending.join('\n'))}`]
  if (state.status === 'paused')
    return [`It goes on at ${new Date(state.until).toISOString()}: ${state.why}`]
  return []
}

function question({ text, options }: Question): string {
  return `- ${text}${options.length > 0 ? ` (${options.join(' / ')})` : ''}`
}

function attempt({ attempt: n, phase, cause, outcome, summary }: AttemptRecord): string {
  return [
    `${n}. ${phase}: ${outcome}`,
    ...(cause ? [`because ${cause}`] : []),
    ...(summary ? [cut(summary)] : []),
  ].join('; ')
}

function cut(text: string): string {
  return text.length <= MAX_PART_LENGTH
    ? text
    : `${text.slice(0, MAX_PART_LENGTH)}\n[${text.length - MAX_PART_LENGTH} more characters are not shown.]`
}
