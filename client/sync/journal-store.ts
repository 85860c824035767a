import type { JournalStore } from './journal.ts'
import { createStore, delMany, setMany, values } from 'idb-keyval'

const ENTRIES = 'entries'

export function journalStore(name: string, kind: 'idb' | 'mem'): JournalStore {
  if (kind === 'mem') {
    const entries = new Map<string, unknown>()
    return {
      all: async () => [...entries.values()],
      put: async added => added.forEach(([key, entry]) => entries.set(key, entry)),
      del: async keys => keys.forEach(key => entries.delete(key)),
    }
  }
  const store = createStore(`${name}/journal`, ENTRIES)
  // By default a browser calls a transaction complete before it is on the disk.
  const strict: typeof store = (mode, use) =>
    store('readonly', ({ transaction: { db } }) =>
      use(db.transaction(ENTRIES, mode, { durability: 'strict' }).objectStore(ENTRIES)))
  return {
    all: () => values(store),
    put: entries => setMany(entries.map(([key, entry]) => [key, entry]), strict),
    del: keys => delMany([...keys], store),
  }
}
