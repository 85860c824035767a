import type { ConnectionState } from './connection-state.ts'

/** Where something is that the edge has not confirmed yet. `unsaved`: a page that ends now would take it along. */
export function deliveryWords(connection: ConnectionState, unsaved = false): string {
  if (connection === 'live')
    return 'Sending …'
  return unsaved ? 'Not saved here yet' : 'Saved here, not sent yet'
}
