import type { Phase, TaskId } from '#shared/model/task.ts'
import type { CoAuthor } from '../../job/co-author.ts'

/** GitHub and `git log --oneline` cut longer subjects. Characters. */
const MAX_SUBJECT = 72

export interface CommitAbout { task: TaskId, attempt: number, phase: Phase, title: string, person: CoAuthor | null }

/**
 * The message of an attempt's commit. The subject is the task's title, and in later phases the first sentence
 * of the agent's summary. The summary and the trailers follow.
 */
export function commitMessage({ task, attempt, phase, title, person }: CommitAbout, agentSummary: string): string {
  const summary = agentSummary.replaceAll(ANY_SIGNATURE, '')
  const first = summary.split(/\n|(?<=[.!?])\s/)[0]?.replace(/^[#>*\s-]+|[.\s]+$/g, '') ?? ''
  const subject = phase === 'implement' || first === '' ? title : first
  const trailers = [
    ...(person ? [`Co-authored-by: ${person.name} <${person.email}>`] : []),
    `${TASK_TRAILER}: ${task}`,
    `${ATTEMPT_TRAILER}: ${attempt}`,
  ]
  return [
    subject.length > MAX_SUBJECT ? `${subject.slice(0, MAX_SUBJECT - 1).trimEnd()}…` : subject,
    summary.trim(),
    trailers.join('\n'),
  ].filter(part => part !== '').join('\n\n')
}

/** Removed from summaries, because an agent must not sign for people. */
const ANY_SIGNATURE = /^(?:co-authored|signed-off|reviewed|acked|tested)-by:.*$/gim

const TASK_TRAILER = 'Mainloop-Task'
const ATTEMPT_TRAILER = 'Mainloop-Attempt'

/** The attempt that made a commit; null for other commits. Only the last paragraph counts: the agent wrote the rest. */
export function madeBy(message: string): { task: TaskId, attempt: number } | null {
  const match = new RegExp(`(?:^|\\n)${TASK_TRAILER}: ([a-z\\d]{10})\\n${ATTEMPT_TRAILER}: (\\d+)\\s*$`).exec(message)
  return match ? { task: match[1] ?? '', attempt: Number(match[2]) } : null
}

/** The agent's summary: the message without its subject and its trailers. */
export function summaryOf(message: string): string {
  return message.split('\n\n').slice(1, -1).join('\n\n').trim()
}
