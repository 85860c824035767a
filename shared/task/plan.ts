import type { PlanAnswer, TaskEvent } from '../model/task-event.ts'
import type { Answer, Task } from '../model/task.ts'
import type { Transition } from './steps.ts'
import { unreachable } from '../lib/unreachable.ts'
import { hear } from './review.ts'
import { begin, enter, guide, illegal, same } from './steps.ts'

/** `by` is the person on GitHub who decided; null for the person in mainloop, whom the announcement need not name. */
export function decidePlan(task: Task, decision: PlanAnswer, now: number, by: string | null = null): Transition {
  const { state } = task
  const announce = (text: string) => by === null ? text : `${text} (${by} said so on GitHub.)`
  switch (decision.kind) {
    case 'cancel':
      return enter(task, { status: 'cancelled', since: now, by: 'person' }, announce('The task was cancelled.'))
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

/** A decision made on GitHub is the same decision; a comment that comes too late for it is remembered all the same. */
export function decidePlanOnGitHub(
  task: Task,
  { comment, by, decision }: Extract<TaskEvent, { kind: 'plan-decision' }>,
  now: number,
): Transition {
  if (comment === null)
    return decidePlan(task, decision, now, by)
  if (task.heard.includes(comment))
    return { ok: false, kind: 'stale', message: 'The comment was taken in before.' }
  const listening = hear(task, [comment])
  const step = decidePlan(listening, decision, now, by)
  return step.ok ? step : same(listening)
}

/** Each answer below its question, so that later briefs can be read without the plan. */
function withQuestions(answers: readonly Answer[], questions: readonly { id: string, text: string }[]): string[] {
  return answers.map(({ question, text }) => {
    const asked = questions.find(({ id }) => id === question)
    return asked ? `${asked.text}\n${text}` : text
  })
}
