import type { Replay } from '#shared/protocol/replay.ts'
import { replay } from '#shared/protocol/replay.ts'

/** Where entries are kept, each under its key. */
export interface JournalStore {
  all: () => Promise<unknown[]>
  /** Resolves when they would survive the death of the machine. */
  put: (entries: readonly (readonly [key: string, entry: Replay])[]) => Promise<void>
  del: (keys: readonly string[]) => Promise<void>
}

export interface Journal {
  /** Writes a new mutation to the disk. */
  add: (entry: Replay) => void
  /** The edge has these, whoever said them. */
  acknowledged: (mutations: readonly Name[]) => void
  /** And of each of these clients everything up to a number. */
  confirmed: (lastMutationIDs: Record<string, number>) => void
  /** What was written down and not acknowledged, oldest first. */
  entries: () => Promise<Replay[]>
}

type Name = Pick<Replay, 'clientID' | 'id'>

export interface JournalDeps {
  store: JournalStore
  /** Since when something done here is not written down, on the clock of its entries; null when all of it is. */
  onUnsaved: (since: number | null) => void
}

/**
 * What was done on this device, until the edge has it. Replicache writes with a delay, and a page that ends
 * within it would take what was done last along; this is on the disk a moment after the screen shows it.
 */
export function createJournal({ store, onUnsaved }: JournalDeps): Journal {
  const kept = new Map<string, Name>()
  const unsaved = new Map<string, Replay>()
  let last: Promise<void> = Promise.resolve()

  return {
    add(entry) {
      kept.set(keyOf(entry), entry)
      unsaved.set(keyOf(entry), entry)
      reportUnsaved()
      inOrder(save)
    },
    acknowledged: mutations => forget(mutations.map(keyOf)),
    confirmed(lastMutationIDs) {
      forget([...kept].flatMap(([key, { clientID, id }]) => id <= (lastMutationIDs[clientID] ?? 0) ? [key] : []))
    },
    async entries() {
      await last
      const entries = (await store.all()).flatMap(entry => replay.safeParse(entry).data ?? [])
      entries.forEach(entry => kept.set(keyOf(entry), entry))
      return entries.sort((a, b) => a.at - b.at)
    },
  }

  /** All that came since the last write began goes with one. */
  async function save() {
    const entries = [...unsaved].filter(([key]) => kept.has(key))
    if (entries.length > 0)
      await store.put(entries)
    entries.forEach(([key]) => unsaved.delete(key))
    reportUnsaved()
  }

  function forget(keys: readonly string[]) {
    const gone = keys.filter(key => kept.delete(key))
    if (gone.length === 0)
      return
    gone.forEach(key => unsaved.delete(key))
    reportUnsaved()
    inOrder(() => store.del(gone))
  }

  function inOrder(write: () => Promise<void>) {
    // What cannot be written stays unsaved, and the screen says so; the next write tries it again.
    last = last.then(write).catch(error => console.warn('The journal could not be written.', error))
  }

  function reportUnsaved() {
    const [oldest] = unsaved.values()
    onUnsaved(oldest?.at ?? null)
  }
}

export function keyOf({ clientID, id }: Name): string {
  return `${clientID}/${id}`
}
