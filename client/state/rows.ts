import type { Ref, ShallowRef } from 'vue'
import type { Approval } from '#shared/model/approval.ts'
import type { Conversation } from '#shared/model/conversation.ts'
import type { DayUsage } from '#shared/model/day-usage.ts'
import type { Message } from '#shared/model/message.ts'
import type { Note } from '#shared/model/note.ts'
import type { Refusal } from '#shared/model/refusal.ts'
import type { RowKind } from '#shared/model/rows.ts'
import type { ModelStatus, RunnerStatus } from '#shared/model/status.ts'
import type { Task } from '#shared/model/task.ts'
import type { Turn } from '#shared/model/turn.ts'
import type { ThreadEntry } from '../lib/thread.ts'
import type { RowChange } from '../sync/initial-rows.ts'
import { ref, shallowRef } from 'vue'
import { rows as kinds } from '#shared/model/rows.ts'
import { changedThread } from '../lib/thread.ts'

/** The parsed rows of this device, for the screen. */
export interface Rows {
  /** False until the device's storage was read once. */
  readonly ready: Readonly<Ref<boolean>>
  readonly thread: Readonly<ShallowRef<readonly ThreadEntry[]>>
  /** Newest first. */
  readonly tasks: Readonly<ShallowRef<readonly Task[]>>
  readonly refusals: Readonly<ShallowRef<readonly Refusal[]>>
  /** Open approvals, oldest first. */
  readonly approvals: Readonly<ShallowRef<readonly Approval[]>>
  /** Last changed first. */
  readonly notes: Readonly<ShallowRef<readonly Note[]>>
  /** The summaries of older messages; null before the first one. */
  readonly conversation: Readonly<ShallowRef<Conversation | null>>
  /** Newest day first. */
  readonly usage: Readonly<ShallowRef<readonly DayUsage[]>>
  readonly turn: Readonly<ShallowRef<Turn | null>>
  readonly model: Readonly<ShallowRef<ModelStatus | null>>
  readonly runner: Readonly<ShallowRef<RunnerStatus | null>>
}

export function createRows(): { rows: Rows, apply: (changes: readonly RowChange[]) => void } {
  const rows = {
    ready: ref(false),
    thread: shallowRef<readonly ThreadEntry[]>([]),
    tasks: shallowRef<readonly Task[]>([]),
    refusals: shallowRef<readonly Refusal[]>([]),
    approvals: shallowRef<readonly Approval[]>([]),
    notes: shallowRef<readonly Note[]>([]),
    conversation: shallowRef<Conversation | null>(null),
    usage: shallowRef<readonly DayUsage[]>([]),
    turn: shallowRef<Turn | null>(null),
    model: shallowRef<ModelStatus | null>(null),
    runner: shallowRef<RunnerStatus | null>(null),
  }

  function apply(changes: readonly RowChange[]) {
    const messages = new Map<string, Message | null>()
    for (const change of changes) {
      const { key } = change
      if (key.startsWith(kinds.message.prefix))
        messages.set(key, parsed(kinds.message, change))
      else if (key.startsWith(kinds.task.prefix))
        rows.tasks.value = replaced(rows.tasks.value, kinds.task, change).sort((a, b) => b.createdAt - a.createdAt)
      else if (key.startsWith(kinds.approval.prefix))
        rows.approvals.value = replaced(rows.approvals.value, kinds.approval, change).sort((a, b) => a.at - b.at)
      else if (key.startsWith(kinds.refusal.prefix))
        rows.refusals.value = replaced(rows.refusals.value, kinds.refusal, change).sort((a, b) => a.at - b.at)
      else if (key.startsWith(kinds.note.prefix))
        rows.notes.value = replaced(rows.notes.value, kinds.note, change).sort((a, b) => b.changedAt - a.changedAt)
      else if (key.startsWith(kinds.usage.prefix))
        rows.usage.value = withDay(rows.usage.value, change)
      else if (key === kinds.conversation.key)
        rows.conversation.value = parsed(kinds.conversation, change)
      else if (key === kinds.turn.key)
        rows.turn.value = parsed(kinds.turn, change)
      else if (key === kinds.model.key)
        rows.model.value = parsed(kinds.model, change)
      else if (key === kinds.runner.key)
        rows.runner.value = parsed(kinds.runner, change)
    }
    if (messages.size > 0)
      rows.thread.value = changedThread(rows.thread.value, messages)
    rows.ready.value = true
  }

  return { rows, apply }
}

/** Null for a deleted row, and for a row that this version of the app cannot read: it is left out. */
function parsed<T>({ schema }: Pick<RowKind<T>, 'schema'>, { key, value }: RowChange): T | null {
  if (value === undefined)
    return null
  const result = schema.safeParse(value)
  if (!result.success)
    console.warn(`unreadable row ${key}`, result.error)
  return result.success ? result.data : null
}

function replaced<T extends { id: string }>(list: readonly T[], kind: RowKind<T>, change: RowChange): T[] {
  const id = change.key.slice(kind.prefix.length)
  const item = parsed(kind, change)
  const others = list.filter(other => other.id !== id)
  return item ? [...others, item] : others
}

function withDay(days: readonly DayUsage[], change: RowChange): DayUsage[] {
  const day = change.key.slice(kinds.usage.prefix.length)
  const usage = parsed(kinds.usage, change)
  const others = days.filter(other => other.day !== day)
  return [...others, ...usage ? [usage] : []].sort((a, b) => a.day < b.day ? 1 : -1)
}
