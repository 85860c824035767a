import type * as z from 'zod'
import type { ReadTx } from '../mutators/tx.ts'
import type { Json } from './json.ts'
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
export interface RowKind<T> { readonly prefix: string, readonly schema: z.ZodType<T> }

/** A kind with a single row. */
export interface SingleRow<T> { readonly key: string, readonly schema: z.ZodType<T> }

/** Every kind of row that syncs. */
export const rows = {
  message: { prefix: MESSAGE_PREFIX, schema: message },
  task: { prefix: TASK_PREFIX, schema: task },
  note: { prefix: NOTE_PREFIX, schema: note },
  approval: { prefix: APPROVAL_PREFIX, schema: approval },
  refusal: { prefix: REFUSAL_PREFIX, schema: refusal },
  usage: { prefix: USAGE_PREFIX, schema: dayUsage },
  turn: { key: TURN_KEY, schema: turn },
  conversation: { key: CONVERSATION_KEY, schema: conversation },
  model: { key: MODEL_STATUS_KEY, schema: modelStatus },
  runner: { key: RUNNER_STATUS_KEY, schema: runnerStatus },
} as const

/**
 * The only cast from a stored value to its type. Mutators parsed the value before it was stored;
 * parsing every row again on every read would cost more than the rest of a commit.
 */
export function typedRow<T>(_kind: RowKind<T> | SingleRow<T>, value: Json): T {
  return value as T
}

export async function read<T>(tx: Pick<ReadTx, 'get'>, kind: RowKind<T>, id: string): Promise<T | undefined>
export async function read<T>(tx: Pick<ReadTx, 'get'>, kind: SingleRow<T>): Promise<T | undefined>
export async function read<T>(
  tx: Pick<ReadTx, 'get'>,
  kind: RowKind<T> | SingleRow<T>,
  id = '',
): Promise<T | undefined> {
  const value = await tx.get('key' in kind ? kind.key : kind.prefix + id)
  return value === undefined ? undefined : typedRow(kind, value)
}

/** All rows of a kind in key order. */
export async function* list<T>(tx: Pick<ReadTx, 'scan'>, kind: RowKind<T>): AsyncGenerator<T> {
  for await (const [, value] of tx.scan(kind.prefix))
    yield typedRow(kind, value)
}
