import { migrations } from './migrations.ts'

/** Brings storage to the newest schema. Each migration and the note that it ran are one transaction. */
export function migrate(storage: DurableObjectStorage, steps: readonly string[] = migrations): void {
  const { sql } = storage
  sql.exec('CREATE TABLE IF NOT EXISTS migrations (n INTEGER PRIMARY KEY)')
  const { done } = sql.exec<{ done: number }>('SELECT COUNT(*) AS done FROM migrations').one()
  // A deployment that was rolled back meets a newer schema, and guessing its meaning would damage the data.
  if (done > steps.length)
    throw new Error(`The storage is ${done - steps.length} migrations ahead of this code.`)

  for (const [n, step] of steps.entries()) {
    if (n < done)
      continue
    storage.transactionSync(() => {
      sql.exec(step)
      sql.exec('INSERT INTO migrations (n) VALUES (?)', n)
    })
  }
}
