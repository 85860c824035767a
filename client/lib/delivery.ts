import type { ConnectionState } from './connection-state.ts'

/** The delivery state of a pending mutation. `unsaved`: it is not on the disk, so a closed tab would lose it. */
export function deliveryLabel(connection: ConnectionState, unsaved = false): string {
  if (connection === 'live')
    return 'Sending …'
  return unsaved ? 'Not saved here yet' : 'Saved here, not sent yet'
}
