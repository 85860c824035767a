import type { PushBody, PushResponse } from '#shared/protocol/replicache.ts'
import type { Store } from '../store/store.ts'
import type { PushOptions } from './process-mutation.ts'
import { unreachable } from '#shared/lib/unreachable.ts'
import { isKnownSchema } from '#shared/protocol/replicache.ts'
import { processMutation } from './process-mutation.ts'

/**
 * Processes a client group's mutations in order.
 * @see https://doc.replicache.dev/reference/server-push#push-algorithm
 */
export async function processPush(
  store: Store,
  { schemaVersion, clientGroupID, mutations }: PushBody,
  options: PushOptions = {},
): Promise<PushResponse> {
  // 1. Mutations of a newer schema cannot be understood. Older schemas are accepted, because mutations that
  // a device made before an update must not be lost.
  if (!isKnownSchema(schemaVersion))
    return { error: 'VersionNotSupported', versionType: 'schema' }

  // 2. Each mutation has its own commit, so that one that is refused does not undo the others.
  for (const mutation of mutations) {
    const outcome = await processMutation(store, clientGroupID, mutation, options)
    switch (outcome) {
      case 'applied':
      case 'refused':
      case 'skipped':
        continue
      // 3. This client's state cannot be continued here; the response makes it start over instead of trying for ever.
      case 'gap':
      case 'foreign':
        return { error: 'ClientStateNotFound' }
      default:
        return unreachable(outcome)
    }
  }
  return {}
}
