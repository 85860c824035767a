import { rememberClient } from './own-clients.ts'

/** The open browser tabs of this device, each known by its Replicache client. */
export interface Tabs {
  /** Returns a function that closes the tab; a tab that crashes counts as closed. */
  open: (clientID: string) => () => void
  openClients: () => Promise<ReadonlySet<string>>
}

/**
 * A tab holds a lock as long as it lives. Without the Web Locks API every other tab
 * counts as closed: its mutations then appear twice for a moment, and still happen once.
 */
export function openTabs(name: string, locks: LockManager | undefined = globalThis.navigator?.locks): Tabs {
  // Tabs of an older version of the app hold locks under this name too, so it stays.
  const prefix = `${name}/page/`
  return {
    open(clientID) {
      rememberClient(clientID)
      let close = () => {}
      const closed = new Promise<void>(resolve => close = resolve)
      void locks?.request(prefix + clientID, () => closed)
      return close
    },
    async openClients() {
      const { held = [] } = await locks?.query() ?? {}
      return new Set(held.flatMap(({ name = '' }) => name.startsWith(prefix) ? [name.slice(prefix.length)] : []))
    },
  }
}
