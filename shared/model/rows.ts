import type * as z from 'zod'
import type { ReadTx } from '../mutators/tx.ts'
import { approval, APPROVAL_PREFIX } from './approval.ts'
import { conversation, CONVERSATION_KEY } from './conversation.ts'
import { dayUsage, USAGE_PREFIX } from './day-usage.ts'
import { message, MESSAGE_PREFIX } from './message.ts'
import { note, NOTE_PREFIX } from './note.ts'
import { refusal, REFUSAL_PREFIX } from './refusal.ts'
import { MODEL_STATUS_KEY, modelStatus, RUNNER_STATUS_KEY, runnerStatus } from './status.ts'
import { task, TASK_PREFIX } from './task.ts'
import { turn, TURN_KEY } from './turn.ts'

/** A kind with many rows; their keys begin with `prefix`. */
export interface RowKind<T> {
  readonly prefix: string
  readonly schema: z.ZodType<T>
  /** The field with the rest of the key; absent for a kind whose keys do not come from its rows. */
  readonly idField?: 'id' | 'day'
}

/** A kind with a single row. */
export interface SingleRow<T> { readonly key: string, readonly schema: z.ZodType<T> }

/** Every kind of row that syncs. */
export const rows = {
  /** A message is numbered by its key, and its id stays the same on the device that wrote it. */
  message: { prefix: MESSAGE_PREFIX, schema: message },
  task: { prefix: TASK_PREFIX, schema: task, idField: 'id' },
  note: { prefix: NOTE_PREFIX, schema: note, idField: 'id' },
  approval: { prefix: APPROVAL_PREFIX, schema: approval, idField: 'id' },
  refusal: { prefix: REFUSAL_PREFIX, schema: refusal, idField: 'id' },
  usage: { prefix: USAGE_PREFIX, schema: dayUsage, idField: 'day' },
  turn: { key: TURN_KEY, schema: turn },
  conversation: { key: CONVERSATION_KEY, schema: conversation },
  model: { key: MODEL_STATUS_KEY, schema: modelStatus },
  runner: { key: RUNNER_STATUS_KEY, schema: runnerStatus },
} as const

export type RowKindName = keyof typeof rows

/** The kind that a key names; null for a key of no kind, as of a row that a newer version knows. */
export function kindOf(key: string): RowKindName | null {
  const names = Object.keys(rows) as RowKindName[]
  return names.find((name) => {
    const kind: { prefix: string } | { key: string } = rows[name]
    return 'key' in kind ? kind.key === key : key.startsWith(kind.prefix)
  }) ?? null
}

/**
 * The row's value within its bounds; undefined for a value that is none of its kind, or that says that it is another
 * row. Such a row is set aside: whoever reads goes on without it, and the person can export and delete it.
 */
export function readRow<T>(kind: RowKind<T> | SingleRow<T>, key: string, value: unknown): T | undefined {
  const { data } = kind.schema.safeParse(value)
  return nameProblem(kind, key, data) === null ? data : undefined
}

/** The reason why a row cannot be read, in a sentence; null for one that can, and for a key of no kind. */
export function problemOf(key: string, value: unknown): string | null {
  const name = kindOf(key)
  if (name === null)
    return null
  const { data, error } = rows[name].schema.safeParse(value)
  const [first] = error?.issues ?? []
  if (first === undefined)
    return nameProblem(rows[name], key, data)
  return `${first.message}${first.path.length > 0 ? ` (${first.path.join('.')})` : ''}`
}

/** A change of a row is stored under the id that the row says, so the row under this key would never change. */
function nameProblem(kind: Pick<RowKind<unknown>, 'prefix' | 'idField'> | { key: string }, key: string, row: unknown) {
  if ('key' in kind || kind.idField === undefined || typeof row !== 'object' || row === null)
    return null
  const id: unknown = Reflect.get(row, kind.idField)
  return key === `${kind.prefix}${String(id)}` ? null : `It says that it is another row (${kind.idField}).`
}

export async function read<T>(tx: Pick<ReadTx, 'get'>, kind: RowKind<T>, id: string): Promise<T | undefined>
export async function read<T>(tx: Pick<ReadTx, 'get'>, kind: SingleRow<T>): Promise<T | undefined>
export async function read<T>(
  tx: Pick<ReadTx, 'get'>,
  kind: RowKind<T> | SingleRow<T>,
  id = '',
): Promise<T | undefined> {
  const key = 'key' in kind ? kind.key : kind.prefix + id
  const value = await tx.get(key)
  return value === undefined ? undefined : readRow(kind, key, value)
}

/** All readable rows of a kind in key order. */
export async function* list<T>(tx: Pick<ReadTx, 'scan'>, kind: RowKind<T>): AsyncGenerator<T> {
  for await (const [key, value] of tx.scan(kind.prefix)) {
    const row = readRow(kind, key, value)
    if (row !== undefined)
      yield row
  }
}
