import type { Edge } from './edge.ts'
import type { Fault, Network } from './network.ts'
import { Refused } from '#shared/model/refusal.ts'
import { journalStore } from '../../client/sync/journal-store.ts'
import { openSync } from '../../client/sync/sync.ts'
import { createNetwork } from './network.ts'

/** The app's own sync on a device without a screen. */
export interface Device {
  network: Network
  rows: Map<string, unknown>
  /** Resolves to false when the device's own mutator refused the note. */
  note: (id: string) => Promise<boolean>
  wake: () => void
  /** Closes the page, which loses everything that Replicache has not persisted yet, and opens it again. */
  crash: () => Promise<void>
  close: () => Promise<void>
}

export function openDevice({ name, edge, faults }: { name: string, edge: Edge, faults: readonly Fault[] }): Device {
  const network = createNetwork({ dial: edge.dial, faults })
  const rows = new Map<string, unknown>()
  const journal = journalStore(name, 'mem')
  let sync = open()

  function open() {
    const opened = openSync({
      name,
      store: 'mem',
      journal,
      connect: network.connect,
      onConnection: () => {},
      onText: () => {},
      onLog: () => {},
      onStuck: () => {},
      onStale: () => {},
      onUnsaved: () => {},
    })
    rows.clear()
    opened.watch(changes => changes.forEach(({ key, value }) => value === undefined ? rows.delete(key) : rows.set(key, value)))
    return opened
  }

  return {
    network,
    rows,
    note: id => sync.mutate.addNote({ id, text: `${id} of ${name}` }).then(() => true, (error) => {
      if (error instanceof Refused)
        return false
      throw error
    }),
    wake: () => sync.wake(),
    async crash() {
      network.cut()
      await sync.close()
      sync = open()
    },
    close: () => sync.close(),
  }
}
