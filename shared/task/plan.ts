import type { PlanAnswer, TaskEvent } from '../model/task-event.ts'
import type { Answer, Task } from '../model/task.ts'
import type { Transition } from './transition-builders.ts'
import { unreachable } from '../lib/unreachable.ts'
import { cancel } from './cancel.ts'
import { recordComments } from './review.ts'
import { begin, guide, illegal, nameDecider, same } from './transition-builders.ts'

/** `by`: the GitHub login of the decider; null for the person in mainloop, whom the announcement need not name. */
export function decidePlan(task: Task, decision: PlanAnswer, now: number, by: string | null = null): Transition {
  const { state } = task
  const announce = (text: string) => nameDecider(text, by)
  switch (decision.kind) {
    case 'cancel':
      return cancel(task, now, by)
    case 'approve-plan':
      return state.status === 'plan_review'
        ? begin(task, { phase: 'implement' }, now, announce('The plan was approved.'))
        : illegal(task, 'have its plan approved')
    case 'revise-plan':
      return state.status === 'plan_review'
        ? begin(guide(task, decision.words), { phase: 'plan' }, now, announce('The plan was sent back.'))
        : illegal(task, 'have its plan sent back')
    case 'answer':
      return state.status === 'waiting_answer'
        ? begin(
            guide(task, ...withQuestions(decision.answers, state.questions)),
            { phase: 'plan' },
            now,
            announce('The questions were answered.'),
          )
        : illegal(task, 'be answered')
    default:
      return unreachable(decision)
  }
}

/** A decision on GitHub has the same effect; a comment that is too late is still recorded, so that it counts once. */
export function decidePlanOnGitHub(
  task: Task,
  { comment, by, decision }: Extract<TaskEvent, { kind: 'plan-decision' }>,
  now: number,
): Transition {
  if (comment === null)
    return decidePlan(task, decision, now, by)
  if (task.heard.includes(comment))
    return { ok: false, kind: 'stale', message: 'The comment was taken in before.' }
  const recorded = recordComments(task, [comment])
  const step = decidePlan(recorded, decision, now, by)
  return step.ok ? step : same(recorded)
}

/** Each answer below its question, so that later prompts can be read without the plan. */
function withQuestions(answers: readonly Answer[], questions: readonly { id: string, text: string }[]): string[] {
  return answers.map(({ question, text }) => {
    const answered = questions.find(({ id }) => id === question)
    return answered ? `${answered.text}\n${text}` : text
  })
}
