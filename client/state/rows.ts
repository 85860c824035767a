import type { Ref, ShallowRef } from 'vue'
import type { Approval } from '#shared/model/approval.ts'
import type { Conversation } from '#shared/model/conversation.ts'
import type { DayUsage } from '#shared/model/day-usage.ts'
import type { Message } from '#shared/model/message.ts'
import type { Note } from '#shared/model/note.ts'
import type { Refusal } from '#shared/model/refusal.ts'
import type { RowKind, RowKindName, SingleRow } from '#shared/model/rows.ts'
import type { ModelStatus, RunnerStatus } from '#shared/model/status.ts'
import type { Task } from '#shared/model/task.ts'
import type { Turn } from '#shared/model/turn.ts'
import type { ThreadEntry } from '../lib/thread.ts'
import type { RowChange } from '../sync/initial-rows.ts'
import { ref, shallowRef } from 'vue'
import { must } from '#shared/lib/must.ts'
import { kindOf, rows as kinds, problemOf, readRow } from '#shared/model/rows.ts'
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
  /** The rows that this version of the app cannot read, in key order. */
  readonly unreadable: Readonly<ShallowRef<readonly UnreadableRow[]>>
}

/** A row of a known kind with a value that is none of this kind. */
export interface UnreadableRow {
  key: string
  kind: RowKindName
  /** A sentence. */
  why: string
  value: unknown
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
    unreadable: shallowRef<readonly UnreadableRow[]>([]),
  }
  const { read, unreadable } = createReader()

  function apply(changes: readonly RowChange[]) {
    const messages = new Map<string, Message | null>()
    for (const change of changes) {
      const { key } = change
      if (key.startsWith(kinds.message.prefix))
        messages.set(key, read(kinds.message, change))
      else if (key.startsWith(kinds.task.prefix))
        rows.tasks.value = newestFirst(replaced(read, rows.tasks.value, kinds.task, change))
      else if (key.startsWith(kinds.approval.prefix))
        rows.approvals.value = oldestFirst(replaced(read, rows.approvals.value, kinds.approval, change))
      else if (key.startsWith(kinds.refusal.prefix))
        rows.refusals.value = oldestFirst(replaced(read, rows.refusals.value, kinds.refusal, change))
      else if (key.startsWith(kinds.note.prefix))
        rows.notes.value = lastChangedFirst(replaced(read, rows.notes.value, kinds.note, change))
      else if (key.startsWith(kinds.usage.prefix))
        rows.usage.value = withDay(read, rows.usage.value, change)
      else if (key === kinds.conversation.key)
        rows.conversation.value = read(kinds.conversation, change)
      else if (key === kinds.turn.key)
        rows.turn.value = read(kinds.turn, change)
      else if (key === kinds.model.key)
        rows.model.value = read(kinds.model, change)
      else if (key === kinds.runner.key)
        rows.runner.value = read(kinds.runner, change)
    }
    if (messages.size > 0)
      rows.thread.value = changedThread(rows.thread.value, messages)
    const found = unreadable()
    if (found.length > 0 || rows.unreadable.value.length > 0)
      rows.unreadable.value = found
    rows.ready.value = true
  }

  return { rows, apply }
}

/** Parses rows one by one, so that one that cannot be read takes no other with it. */
function createReader(): { read: Read, unreadable: () => UnreadableRow[] } {
  const unreadable = new Map<string, UnreadableRow>()

  return {
    read: (kind, { key, value }) => {
      unreadable.delete(key)
      if (value === undefined)
        return null
      const row = readRow(kind, key, value)
      if (row === undefined) {
        const why = problemOf(key, value) ?? 'It has another form than expected.'
        unreadable.set(key, { key, kind: must(kindOf(key), 'the kind of a row'), why, value })
      }
      return row ?? null
    },
    unreadable: () => [...unreadable.values()].sort((a, b) => a.key < b.key ? -1 : 1),
  }
}

/** Null for a deleted row, and for one that cannot be read. */
type Read = <T>(kind: RowKind<T> | SingleRow<T>, change: RowChange) => T | null

function replaced<T extends { id: string }>(read: Read, list: readonly T[], kind: RowKind<T>, change: RowChange): T[] {
  const id = change.key.slice(kind.prefix.length)
  const item = read(kind, change)
  const others = list.filter(other => other.id !== id)
  return item ? [...others, item] : others
}

function newestFirst(tasks: Task[]): Task[] {
  return tasks.sort((a, b) => b.createdAt - a.createdAt)
}

function lastChangedFirst(notes: Note[]): Note[] {
  return notes.sort((a, b) => b.changedAt - a.changedAt)
}

function oldestFirst<T extends { at: number }>(all: T[]): T[] {
  return all.sort((a, b) => a.at - b.at)
}

function withDay(read: Read, days: readonly DayUsage[], change: RowChange): DayUsage[] {
  const day = change.key.slice(kinds.usage.prefix.length)
  const usage = read(kinds.usage, change)
  const others = days.filter(other => other.day !== day)
  return [...others, ...usage ? [usage] : []].sort((a, b) => a.day < b.day ? 1 : -1)
}
