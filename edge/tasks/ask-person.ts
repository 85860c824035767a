import type { Ask } from '#shared/model/ask.ts'
import type { Task } from '#shared/model/task.ts'
import type { Tx } from '#shared/mutators/tx.ts'
import { ASK_PREFIX, askKey } from '#shared/model/ask.ts'
import { Refused } from '#shared/model/refusal.ts'
import { appendMessage } from '#shared/mutators/append-message.ts'
import { applyTaskEvent } from '#shared/mutators/apply-task-event.ts'
import { askedEvent } from '#shared/mutators/asked-event.ts'
import { transition } from '#shared/task/machine.ts'
import { findTask } from './find-task.ts'

/** Who calls a tool, and whether they may do what otherwise needs the person's word. */
export interface Caller { name: string, mayAct: boolean }

export interface AskDeps { caller: Caller, newId: () => string }

/** Lets something happen to a task, or asks the person whether it may. `Refused` when it could not happen anyway; true when it has. */
export async function askPerson(tx: Tx, { task: id, wants }: { task: string, wants: Ask['wants'] }, { caller, newId }: AskDeps): Promise<boolean> {
  const task = await findTask(tx, id)
  const step = transition(task, askedEvent(wants), tx.now)
  if (!step.ok)
    throw new Refused(step.kind, `${step.message} Call get_task to see how it stands.`)
  if (caller.mayAct) {
    await applyTaskEvent(tx, task.id, askedEvent(wants))
    return true
  }
  await mustBeNew(tx, task, wants)
  const ask: Ask = { id: newId(), at: tx.now, task: task.id, by: caller.name, wants }
  await tx.set(askKey(ask.id), ask)
  await appendMessage(tx, { kind: 'event', id: ask.id, at: tx.now, task: task.id, text: sentence(ask) })
  return false
}

/** A model that repeats itself must not fill the person's inbox. */
async function mustBeNew(tx: Tx, task: Task, wants: Ask['wants']): Promise<void> {
  for await (const [, row] of tx.scan(ASK_PREFIX)) {
    const other = row as Ask
    if (other.task === task.id && (other.wants.kind === 'cancel' ? wants.kind === 'cancel' : wants.kind === 'message' && other.wants.words === wants.words))
      throw new Refused('illegal', 'The person was asked this already and has not decided yet. Do not ask again.')
  }
}

function sentence({ by, wants }: Ask): string {
  return wants.kind === 'cancel'
    ? `${by} asks to cancel the task: ${wants.why}`
    : `${by} asks to tell the task: ${wants.words.slice(0, 300)}${wants.words.length > 300 ? ' …' : ''}`
}
