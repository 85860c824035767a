import type { RunnerUp } from '#shared/protocol/runner.ts'
import type { Store } from '../store/store.ts'
import { Refused } from '#shared/model/refusal.ts'
import { applyTaskEvent } from '#shared/mutators/apply-task-event.ts'

type Report = Extract<RunnerUp, { type: 'report' }>

/**
 * Lets a report happen once: what it changed and that it was seen are one commit. Answers why it changed nothing, or null; the same
 * report gets the same answer for as long as it is remembered.
 */
export async function applyReport(store: Store, { id, task, event }: Report): Promise<string | null> {
  return store.commit(async (tx) => {
    const seen = earlierAnswer(store.sql, id)
    if (seen)
      return seen.refused

    const refused = await refusalOf(() => applyTaskEvent(tx, task, event))
    if (refused !== null)
      tx.discard()
    tx.sideWrite(sql => sql.exec('INSERT INTO reports (id, at, refused) VALUES (?, ?, ?)', id, tx.now, refused))
    return refused
  })
}

function earlierAnswer(sql: SqlStorage, id: string): { refused: string | null } | undefined {
  return sql.exec<{ refused: string | null }>('SELECT refused FROM reports WHERE id = ?', id).toArray()[0]
}

async function refusalOf(apply: () => Promise<unknown>): Promise<string | null> {
  try {
    await apply()
    return null
  }
  catch (error) {
    if (error instanceof Refused)
      return error.message
    throw error
  }
}
