import type { Phase, TaskId } from '#shared/model/task.ts'
import type { Person } from '../../job/person.ts'

/** Where `git log --oneline` and GitHub cut. Characters. */
const MAX_SUBJECT = 72

export interface CommitAbout { task: TaskId, attempt: number, phase: Phase, title: string, person: Person | null }

/**
 * The task's title for its first commit, the agent's own first
 * sentence for later ones, the summary below, and whose it is.
 */
export function commitMessage({ task, attempt, phase, title, person }: CommitAbout, said: string): string {
  const summary = said.replaceAll(ANY_SIGNATURE, '')
  const first = summary.split(/\n|(?<=[.!?])\s/)[0]?.replace(/^[#>*\s-]+|[.\s]+$/g, '') ?? ''
  const subject = phase === 'implement' || first === '' ? title : first
  return [
    subject.length > MAX_SUBJECT ? `${subject.slice(0, MAX_SUBJECT - 1).trimEnd()}…` : subject,
    summary.trim(),
    [
      ...(person ? [`Co-authored-by: ${person.name} <${person.email}>`] : []),
      `${TASK_TRAILER}: ${task}`,
      `${ATTEMPT_TRAILER}: ${attempt}`,
    ].join('\n'),
  ]
    .filter(part => part !== '')
    .join('\n\n')
}

/** The agent cannot sign for anybody. */
const ANY_SIGNATURE = /^(?:co-authored|signed-off|reviewed|acked|tested)-by:.*$/gim

const TASK_TRAILER = 'Mainloop-Task'
const ATTEMPT_TRAILER = 'Mainloop-Attempt'

/**
 * Which attempt made the commit; null for a commit of somebody else.
 * Only the last paragraph counts: the rest is the agent's words.
 */
export function madeBy(message: string): { task: TaskId, attempt: number } | null {
  const match = new RegExp(`(?:^|\\n)${TASK_TRAILER}: ([a-z\\d]{10})\\n${ATTEMPT_TRAILER}: (\\d+)\\s*$`).exec(message)
  return match ? { task: match[1] ?? '', attempt: Number(match[2]) } : null
}

/** What the agent said it did: the message without its first line and its trailers. */
export function summaryOf(message: string): string {
  return message.split('\n\n').slice(1, -1).join('\n\n').trim()
}
