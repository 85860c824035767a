import type { Question } from '#shared/model/task.ts'
import type { DesiredTask } from '#shared/protocol/runner.ts'

/** GitHub refuses a body above 65,536 characters; the rest is for the marker. */
const MAX_BODY_LENGTH = 60_000

/** The issue in which a plan is discussed: what is to be done, in the person's words. */
export function issueText({ id, brief }: Pick<DesiredTask, 'id' | 'brief'>): string {
  return `${brief.slice(0, MAX_BODY_LENGTH)}\n\n---\nmainloop plans this first, task \`${id}\`. Each plan is a comment below.`
}

/** One plan as a comment, with what can be said to it. */
export function planText({ plan, questions }: { plan: string | null, questions: readonly Question[] }): string {
  const asked
    = questions.length > 0
      ? `### Questions\n\n${questions.map(asQuestion).join('\n')}\n\n---\nAnswer here with \`1. …\`, one line a question, or in mainloop. \`/cancel\` gives the task up.`
      : '---\n`/approve` or a 👍 on this comment starts the work, `/revise …` or plain words send it back, `/cancel` gives the task up. Only people who may push here are heard.'
  return `${plan === null ? '' : `${plan.slice(0, MAX_BODY_LENGTH - asked.length)}\n\n`}${asked}`
}

function asQuestion({ text, options }: Question, index: number): string {
  return `${index + 1}. ${text}${options.length > 0 ? ` (${options.join(' / ')})` : ''}`
}
