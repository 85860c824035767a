import type { ModelUsage } from '../model/model.ts'
import * as z from 'zod'
import { modelBlock } from '../model/model.ts'
import { writeAnsweredThrough } from '../thread/answered-through.ts'

const progress = z.object({
  /** The model's blocks of each complete round; the results of its calls are in `tool_calls`. */
  steps: z.array(z.array(modelBlock)),
  /** The key of the message of a running or broken reply; null between rounds. */
  reply: z.string().nullable(),
  /** Number of waits since the last complete round. */
  waits: z.number().int(),
})

/** A row of the table `turns`, which has everything that a turn needs to go on. */
export type TurnRecord = z.infer<typeof progress> & {
  id: string
  /** Sequence number of the newest message it answers. */
  answersThrough: number
  /** Tries of the current round, the running one included. */
  tries: number
}

export type TurnOutcome = 'done' | 'stopped' | 'failed'

export function readTurn(sql: SqlStorage, id: string): TurnRecord | null {
  const [row] = sql.exec<{ answers_through: number, tries: number, steps: string }>(
    'SELECT answers_through, tries, steps FROM turns WHERE id = ?',
    id,
  )
  return row
    ? { id, answersThrough: row.answers_through, tries: row.tries, ...progress.parse(JSON.parse(row.steps)) }
    : null
}

/** `answersThrough` of a turn without parsing its steps; undefined for an unknown turn. */
export function readTurnAnsweredThrough(sql: SqlStorage, id: string): number | undefined {
  const [row] = sql.exec<{ answers_through: number }>('SELECT answers_through FROM turns WHERE id = ?', id)
  return row?.answers_through
}

export function insertTurn(sql: SqlStorage, turn: TurnRecord, { model, now }: { model: string, now: number }): void {
  sql.exec(
    'INSERT INTO turns (id, answers_through, tries, model, steps, started_at) VALUES (?, ?, ?, ?, ?, ?)',
    turn.id,
    turn.answersThrough,
    turn.tries,
    model,
    progressOf(turn),
    now,
  )
}

export function saveTurn(sql: SqlStorage, turn: TurnRecord): void {
  sql.exec(
    'UPDATE turns SET answers_through = ?, tries = ?, steps = ?, ended_at = NULL, outcome = NULL WHERE id = ?',
    turn.answersThrough,
    turn.tries,
    progressOf(turn),
    turn.id,
  )
}

/** Ends a turn. The messages of a failed turn stay unanswered until a retry. */
export function endTurn(
  sql: SqlStorage,
  turn: TurnRecord,
  { outcome, now }: { outcome: TurnOutcome, now: number },
): void {
  sql.exec(
    'UPDATE turns SET tries = 0, steps = ?, ended_at = ?, outcome = ? WHERE id = ?',
    progressOf(turn),
    now,
    outcome,
    turn.id,
  )
  if (outcome === 'failed')
    return
  pruneTurn(sql, turn.id)
  writeAnsweredThrough(sql, turn.answersThrough)
}

/** Deletes the data that a turn needs only to go on. Its row stays, with `answersThrough` and the usage. */
export function pruneTurn(sql: SqlStorage, id: string): void {
  sql.exec('UPDATE turns SET steps = ? WHERE id = ?', progressOf({ steps: [], reply: null, waits: 0 }), id)
  // Ids are `turn/round/call`, and `0` is the character after the slash.
  sql.exec('DELETE FROM tool_calls WHERE id > ? AND id < ?', `${id}/`, `${id}0`)
}

/** With `costUsd` null (unknown) the turn's sum becomes unknown too. */
export function addUsage(
  sql: SqlStorage,
  id: string,
  { usage, costUsd }: { usage: ModelUsage, costUsd: number | null },
): void {
  sql.exec(
    `UPDATE turns SET
      input_tokens = input_tokens + ?,
      output_tokens = output_tokens + ?,
      cache_read_tokens = cache_read_tokens + ?,
      cache_write_tokens = cache_write_tokens + ?,
      cost_usd = cost_usd + ?
    WHERE id = ?`,
    usage.inputTokens,
    usage.outputTokens,
    usage.cacheReadTokens,
    usage.cacheWriteTokens,
    costUsd,
    id,
  )
}

function progressOf({ steps, reply, waits }: z.infer<typeof progress>): string {
  return JSON.stringify({ steps, reply, waits })
}
