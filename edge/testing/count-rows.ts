interface CountedStorage { storage: DurableObjectStorage, read: () => number, written: () => number }

/** Wraps a storage to count the rows read and written through it so far, those of indexes included. */
export function countRows(storage: DurableObjectStorage): CountedStorage {
  const open: Pick<SqlStorageCursor<never>, 'rowsRead' | 'rowsWritten'>[] = []
  const total = { read: 0, written: 0 }
  const sql = replacing(storage.sql, {
    exec<T extends Record<string, SqlStorageValue>>(query: string, ...bindings: unknown[]) {
      const cursor = storage.sql.exec<T>(query, ...bindings)
      open.push(cursor)
      return cursor
    },
  })
  return {
    storage: replacing(storage, { sql }),
    read: () => count().read,
    written: () => count().written,
  }

  /** Counts late, because a cursor counts its rows while they are read. */
  function count() {
    for (const { rowsRead, rowsWritten } of open.splice(0)) {
      total.read += rowsRead
      total.written += rowsWritten
    }
    return total
  }
}

/** Replaces members by a proxy. Methods are bound, because the platform's objects accept no other `this`. */
function replacing<T extends object>(target: T, others: Partial<T>): T {
  return new Proxy(target, {
    get(_, key) {
      const value: unknown = key in others ? Reflect.get(others, key) : Reflect.get(target, key)
      return typeof value === 'function' && !(key in others) ? value.bind(target) : value
    },
  })
}
