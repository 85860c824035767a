/** A storage that counts: `read` says how many rows were read through it so far. For measuring. */
export function countRows(storage: DurableObjectStorage): { storage: DurableObjectStorage, read: () => number } {
  const open: { rowsRead: number }[] = []
  let total = 0
  const sql = replacing(storage.sql, {
    exec<T extends Record<string, SqlStorageValue>>(query: string, ...bindings: unknown[]) {
      const cursor = storage.sql.exec<T>(query, ...bindings)
      open.push(cursor)
      return cursor
    },
  })
  return {
    storage: replacing(storage, { sql }),
    read() {
      // A cursor counts while it is read.
      total += open.splice(0).reduce((sum, { rowsRead }) => sum + rowsRead, 0)
      return total
    },
  }
}

/** The platform's objects insist on being called as themselves. */
function replacing<T extends object>(target: T, others: Partial<T>): T {
  return new Proxy(target, {
    get(_, key) {
      const value: unknown = key in others ? Reflect.get(others, key) : Reflect.get(target, key)
      return typeof value === 'function' && !(key in others) ? value.bind(target) : value
    },
  })
}
