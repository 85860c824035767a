import type { Replay } from '#shared/protocol/replay.ts'
import { replay } from '#shared/protocol/replay.ts'

/** The storage of the journal's entries, each under its key. */
export interface JournalStore {
  all: () => Promise<unknown[]>
  /** Resolves when the entries would survive a power failure. */
  put: (entries: readonly (readonly [key: string, entry: Replay])[]) => Promise<void>
  del: (keys: readonly string[]) => Promise<void>
}

export interface Journal {
  /** Writes a new mutation to the disk. */
  add: (entry: Replay) => void
  /** Removes mutations that the edge has, whichever tab sent them. */
  acknowledged: (mutations: readonly Name[]) => void
  /** Removes all mutations of each client up to its number. */
  confirmed: (lastMutationIDs: Record<string, number>) => void
  /** The saved mutations that are not acknowledged, oldest first. */
  entries: () => Promise<Replay[]>
}

type Name = Pick<Replay, 'clientID' | 'id'>

export interface JournalDeps {
  store: JournalStore
  /** Time of the oldest mutation that is not on the disk, on the clock of the entries; null when all are. */
  onUnsaved: (since: number | null) => void
}

/**
 * Keeps this device's mutations on the disk until the edge has them.
 * Replicache writes with a delay and a tab that closes within it loses
 * them; the journal writes a moment after the screen shows them.
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

  /** Writes all entries that came since the last write began in one transaction. */
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
    // A failed entry stays unsaved, which the screen shows, until the next write tries it again.
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
