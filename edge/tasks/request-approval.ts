import type { Approval } from '#shared/model/approval.ts'
import type { Task } from '#shared/model/task.ts'
import type { Tx } from '#shared/mutators/tx.ts'
import { approvalKey } from '#shared/model/approval.ts'
import { Refused } from '#shared/model/refusal.ts'
import { list, rows } from '#shared/model/rows.ts'
import { appendMessage } from '#shared/mutators/append-message.ts'
import { applyTaskEvent } from '#shared/mutators/apply-task-event.ts'
import { approvedEvent } from '#shared/mutators/approved-event.ts'
import { transition } from '#shared/task/machine.ts'
import { cutTo } from '#shared/text/cut-to.ts'
import { findTask } from './find-task.ts'

/** The caller of a tool; `mayAct` when it needs no approval. */
export interface Caller { name: string, mayAct: boolean }

export interface ApprovalDeps { caller: Caller, newId: () => string }

/**
 * Applies an action to a task, or requests the person's approval for it. Returns
 * true when it was applied. Throws `Refused` when the task would refuse it.
 */
export async function requestApproval(
  tx: Tx,
  { task: id, wants }: { task: string, wants: Approval['wants'] },
  { caller, newId }: ApprovalDeps,
): Promise<boolean> {
  const task = await findTask(tx, id)
  const step = transition(task, approvedEvent(wants), tx.now)
  if (!step.ok)
    throw new Refused(step.kind, `${step.message} Call get_task to see how it stands.`)
  if (caller.mayAct) {
    await applyTaskEvent(tx, task.id, approvedEvent(wants))
    return true
  }
  await mustBeNew(tx, task, wants)
  const approval: Approval = { id: newId(), at: tx.now, task: task.id, by: caller.name, wants }
  await tx.set(approvalKey(approval.id), approval)
  await appendMessage(tx, { kind: 'event', id: approval.id, at: tx.now, task: task.id, text: sentence(approval) })
  return false
}

/** Throws `Refused` for a repeated request: a model that repeats itself must not fill the person's inbox. */
async function mustBeNew(tx: Tx, task: Task, wants: Approval['wants']): Promise<void> {
  for await (const other of list(tx, rows.approval)) {
    if (other.task === task.id && isSame(other.wants, wants))
      throw new Refused('illegal', 'The person was asked this already and has not decided yet. Do not ask again.')
  }
}

function isSame(one: Approval['wants'], other: Approval['wants']): boolean {
  return one.kind === 'cancel' ? other.kind === 'cancel' : other.kind === 'message' && one.words === other.words
}

function sentence({ by, wants }: Approval): string {
  return wants.kind === 'cancel'
    ? `${by} asks to cancel the task: ${wants.why}`
    : `${by} asks to tell the task: ${cutTo(wants.words, 300)}${wants.words.length > 300 ? ' …' : ''}`
}
