import type { Question } from '#shared/model/task.ts'
import type { DesiredTask } from '#shared/protocol/runner.ts'

/** GitHub refuses a body above 65,536 characters, and the marker and the footer need room. */
const MAX_BODY_LENGTH = 60_000

/** The body of the issue for a plan's discussion: the task in the person's words. */
export function issueText({ id, brief }: Pick<DesiredTask, 'id' | 'brief'>): string {
  const footer = `mainloop plans this first, task \`${id}\`. Each plan is a comment below.`
  return `${brief.slice(0, MAX_BODY_LENGTH)}\n\n---\n${footer}`
}

/** The comment for a plan, which ends with the commands that decide on it. */
export function planText({ plan, questions }: { plan: string | null, questions: readonly Question[] }): string {
  const footer = questions.length > 0
    ? `### Questions\n\n${questions.map(asQuestion).join('\n')}\n\n---\n${HOW_TO_ANSWER}`
    : `---\n${HOW_TO_DECIDE}`
  return `${plan === null ? '' : `${plan.slice(0, MAX_BODY_LENGTH - footer.length)}\n\n`}${footer}`
}

const HOW_TO_ANSWER
  = 'Answer here with `1. …`, one line a question, or in mainloop. `/cancel` gives the task up.'

const HOW_TO_DECIDE
  = '`/approve` or a 👍 on this comment starts the work, `/revise …` or plain words send it back, '
    + '`/cancel` gives the task up. Only people who may push here are heard.'

function asQuestion({ text, options }: Question, index: number): string {
  return `${index + 1}. ${text}${options.length > 0 ? ` (${options.join(' / ')})` : ''}`
}
