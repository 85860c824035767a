import { rememberClient } from './own-clients.ts'

/** The pages of this device that are open, each known by its client of Replicache. */
export interface Pages {
  /** Returns how to leave; a page that dies has left. */
  enter: (clientID: string) => () => void
  present: () => Promise<ReadonlySet<string>>
}

/** A page holds a lock as long as it lives. Without locks every other page counts as gone: what it did is then shown twice for a moment, and still happens once. */
export function openPages(name: string, locks: LockManager | undefined = globalThis.navigator?.locks): Pages {
  const prefix = `${name}/page/`
  return {
    enter(clientID) {
      rememberClient(clientID)
      let leave = () => {}
      const left = new Promise<void>(resolve => leave = resolve)
      void locks?.request(prefix + clientID, () => left)
      return leave
    },
    async present() {
      const { held = [] } = await locks?.query() ?? {}
      return new Set(held.flatMap(({ name = '' }) => name.startsWith(prefix) ? [name.slice(prefix.length)] : []))
    },
  }
}
