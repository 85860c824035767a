import type { Ref, ShallowRef } from 'vue'
import type { ZodType } from 'zod'
import type { Approval } from '#shared/model/approval.ts'
import type { Conversation } from '#shared/model/conversation.ts'
import type { DayUsage } from '#shared/model/day-usage.ts'
import type { Message } from '#shared/model/message.ts'
import type { Note } from '#shared/model/note.ts'
import type { Refusal } from '#shared/model/refusal.ts'
import type { ModelStatus, RunnerStatus } from '#shared/model/status.ts'
import type { Task } from '#shared/model/task.ts'
import type { Turn } from '#shared/model/turn.ts'
import type { ThreadEntry } from '../lib/thread.ts'
import type { RowChange } from '../sync/initial-rows.ts'
import { ref, shallowRef } from 'vue'
import { approval, APPROVAL_PREFIX } from '#shared/model/approval.ts'
import { conversation, CONVERSATION_KEY } from '#shared/model/conversation.ts'
import { dayUsage, USAGE_PREFIX } from '#shared/model/day-usage.ts'
import { message, MESSAGE_PREFIX } from '#shared/model/message.ts'
import { note, NOTE_PREFIX } from '#shared/model/note.ts'
import { refusal, REFUSAL_PREFIX } from '#shared/model/refusal.ts'
import { MODEL_STATUS_KEY, modelStatus, RUNNER_STATUS_KEY, runnerStatus } from '#shared/model/status.ts'
import { task, TASK_PREFIX } from '#shared/model/task.ts'
import { turn, TURN_KEY } from '#shared/model/turn.ts'
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
      if (key.startsWith(MESSAGE_PREFIX)) {
        messages.set(key, parsed(message, change))
      }
      else if (key.startsWith(TASK_PREFIX)) {
        const tasks = replaced(rows.tasks.value, key.slice(TASK_PREFIX.length), parsed(task, change))
        rows.tasks.value = tasks.sort((a, b) => b.createdAt - a.createdAt)
      }
      else if (key.startsWith(APPROVAL_PREFIX)) {
        const approvals = replaced(rows.approvals.value, key.slice(APPROVAL_PREFIX.length), parsed(approval, change))
        rows.approvals.value = approvals.sort((a, b) => a.at - b.at)
      }
      else if (key.startsWith(REFUSAL_PREFIX)) {
        const refusals = replaced(rows.refusals.value, key.slice(REFUSAL_PREFIX.length), parsed(refusal, change))
        rows.refusals.value = refusals.sort((a, b) => a.at - b.at)
      }
      else if (key.startsWith(NOTE_PREFIX)) {
        const notes = replaced(rows.notes.value, key.slice(NOTE_PREFIX.length), parsed(note, change))
        rows.notes.value = notes.sort((a, b) => b.changedAt - a.changedAt)
      }
      else if (key.startsWith(USAGE_PREFIX)) {
        rows.usage.value = withDay(rows.usage.value, key.slice(USAGE_PREFIX.length), parsed(dayUsage, change))
      }
      else if (key === CONVERSATION_KEY) {
        rows.conversation.value = parsed(conversation, change)
      }
      else if (key === TURN_KEY) {
        rows.turn.value = parsed(turn, change)
      }
      else if (key === MODEL_STATUS_KEY) {
        rows.model.value = parsed(modelStatus, change)
      }
      else if (key === RUNNER_STATUS_KEY) {
        rows.runner.value = parsed(runnerStatus, change)
      }
    }
    if (messages.size > 0)
      rows.thread.value = changedThread(rows.thread.value, messages)
    rows.ready.value = true
  }

  return { rows, apply }
}

/** Null for a deleted row, and for a row that this version of the app cannot read: it is left out. */
function parsed<T>(schema: ZodType<T>, { key, value }: RowChange): T | null {
  if (value === undefined)
    return null
  const result = schema.safeParse(value)
  if (!result.success)
    console.warn(`unreadable row ${key}`, result.error)
  return result.success ? result.data : null
}

function replaced<T extends { id: string }>(list: readonly T[], id: string, item: T | null): T[] {
  const others = list.filter(other => other.id !== id)
  return item ? [...others, item] : others
}

function withDay(days: readonly DayUsage[], day: string, usage: DayUsage | null): DayUsage[] {
  const others = days.filter(other => other.day !== day)
  return [...others, ...usage ? [usage] : []].sort((a, b) => a.day < b.day ? 1 : -1)
}
