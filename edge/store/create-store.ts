import type { CommitListener, EdgeTx, Store, Writes } from './store.ts'
import { messageSequence } from '#shared/model/message.ts'
import { createClientRecords } from './client-records.ts'
import { enqueueEffect } from './outbox.ts'
import { lastMessageSequence, Overlay } from './overlay.ts'
import { createRows } from './rows.ts'

/**
 * Makes the store over the migrated storage of a Durable Object. There must be one store
 * for each storage, because it caches the version, the newest message and the clients.
 */
export function createStore({ storage, now }: { storage: DurableObjectStorage, now: () => number }): Store {
  const { sql } = storage
  const rows = createRows(sql)
  const listeners: CommitListener[] = []
  const records = createClientRecords(sql)
  let version = newestVersion(sql)
  let lastMessage = lastMessageSequence(sql)
  let last: Promise<unknown> = Promise.resolve()

  async function run<T>(change: (tx: EdgeTx) => Promise<T>): Promise<T> {
    const overlay = new Overlay({ rows, now: now(), lastMessage: () => lastMessage })
    const result = await change(overlay)
    write(overlay)
    return result
  }

  function write({ writes, clients, sideWrites, effects, now: at }: Overlay): void {
    const moves = writes.size > 0 || clients.length > 0
    const next = moves ? version + 1 : version
    storage.transactionSync(() => {
      writeRows(sql, writes, next)
      records.write(clients, next)
      for (const sideWrite of sideWrites)
        sideWrite(sql)
      for (const effect of effects)
        enqueueEffect(sql, effect, at)
    })
    version = next
    records.committed(clients)
    for (const key of writes.keys())
      lastMessage = Math.max(lastMessage, messageSequence(key) ?? 0)
    // There is no await since the transaction, so a write of a listener, such as the alarm, becomes durable with it.
    if (moves || effects.length > 0) {
      const keys = [...writes.keys()]
      for (const listener of listeners)
        listener(keys, effects, { version, writes, clients })
    }
  }

  return {
    rows,
    sql,
    version: () => version,
    lastMessage: () => lastMessage,
    lastMutationID: records.lastMutationID,
    commit(change) {
      const result = last.then(() => run(change))
      // The next commit only waits for this one: a failure belongs to the caller of this commit.
      last = result.then(() => undefined, () => undefined)
      return result
    },
    onCommit: listener => void listeners.push(listener),
  }
}

function newestVersion(sql: SqlStorage): number {
  const { version } = sql
    .exec<{ version: number | null }>(
      `SELECT MAX(version) AS version
       FROM (SELECT MAX(version) AS version FROM rows UNION ALL SELECT MAX(version) FROM clients)`,
    )
    .one()
  return version ?? 0
}

function writeRows(sql: SqlStorage, writes: Writes, version: number): void {
  for (const [key, write] of writes) {
    if (write) {
      sql.exec(
        `INSERT INTO rows (key, version, value) VALUES (?1, ?2, ?3)
         ON CONFLICT (key) DO UPDATE SET version = ?2, value = ?3`,
        key,
        version,
        write.text,
      )
    }
    else {
      sql.exec('UPDATE rows SET version = ?, value = NULL WHERE key = ?', version, key)
    }
  }
}
