import type { LinkState } from '../sync/link-state.ts'

/** Where something is that the edge has not confirmed yet. `unsaved`: a page that ends now would take it along. */
export function deliveryWords(link: LinkState, unsaved = false): string {
  if (link === 'live')
    return 'Sending …'
  return unsaved ? 'Not saved here yet' : 'Saved here, not sent yet'
}
