import type { Effect } from '#shared/mutators/tx.ts'
import * as z from 'zod'

/** An effect that was requested and is not done yet. */
export interface OutboxEntry {
  key: string
  effect: Effect
  /** ms since the epoch; while it is performed, the end of its lease. */
  due: number
  /** The number of times it was begun. */
  tries: number
}

/** The end of an object that performed an effect is noticed after this long; a live one renews it by the alarm. ms. */
export const LEASE_MS = 10_000

/**
 * Requests an effect inside a commit. It is performed right after, so its row begins as a lease; a row that is due
 * within a lease stays unchanged. An answer needs no row until something delays it: the unanswered message itself
 * shows that one is needed, and an object that wakes up checks for one.
 */
export function enqueueEffect(sql: SqlStorage, effect: Effect, now: number): void {
  const due = now + LEASE_MS
  if (effect.kind === 'answer')
    sql.exec('UPDATE outbox SET due = ?2, tries = 1 WHERE key = ?1 AND due > ?2', effectKey(effect), due)
  else
    sql.exec(`${UPSERT} WHERE due > ?3`, effectKey(effect), JSON.stringify(effect), due, 1)
}

export function entries(sql: SqlStorage): OutboxEntry[] {
  return sql
    .exec<{ key: string, effect: string, due: number, tries: number }>('SELECT key, effect, due, tries FROM outbox')
    .toArray()
    .map(row => ({ ...row, effect: storedEffect.parse(JSON.parse(row.effect)) }))
}

export function defer(sql: SqlStorage, effect: Effect, { due, tries }: { due: number, tries: number }): void {
  sql.exec(UPSERT, effectKey(effect), JSON.stringify(effect), due, tries)
}

export function remove(sql: SqlStorage, key: string): void {
  sql.exec('DELETE FROM outbox WHERE key = ?', key)
}

/** Effects with the same key are one effect. */
export function effectKey(effect: Effect): string {
  return effect.kind
}

const UPSERT = `
  INSERT INTO outbox (key, effect, due, tries) VALUES (?1, ?2, ?3, ?4)
  ON CONFLICT (key) DO UPDATE SET effect = ?2, due = ?3, tries = ?4`

const storedEffect = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('answer') }),
  z.object({ kind: z.literal('compact') }),
  z.object({ kind: z.literal('notify') }),
]) satisfies z.ZodType<Effect>
