import type { Refusal } from '#shared/model/refusal.ts'
import type { Mutation } from '#shared/protocol/replicache.ts'
import type { Store } from '../store/store.ts'
import { refusalKey, Refused } from '#shared/model/refusal.ts'
import { currentMutation } from '#shared/mutators/current-mutation.ts'
import { replayOf } from '#shared/protocol/replay.ts'
import { logFailure } from '../http/log-failure.ts'
import { belongsToAnotherGroup } from './clients.ts'
import { extractPersonText } from './extract-person-text.ts'
import { runMutator } from './run-mutator.ts'

export type MutationOutcome
  /** The mutation was made. */
  = | 'applied'
  /** The mutation will never be made; a row tells the person the reason. */
    | 'refused'
  /** The mutation had been processed before. */
    | 'skipped'
  /** An earlier mutation is missing, or the client is unknown, so none of its mutations can be processed. */
    | 'gap'
  /** The client belongs to another group. */
    | 'foreign'

/** `rescue` accepts a gap: the mutations before it were processed by storage that is gone. */
export interface PushOptions { rescue?: boolean }

/**
 * At exit: `applied` and `refused` have advanced the client's lastMutationID in the commit that made the change or
 * wrote the reason for the refusal; the others have changed nothing. Rejects only when storage fails: the same
 * mutation may be sent again.
 * @see https://doc.replicache.dev/reference/server-push#mutation-algorithm
 */
export function processMutation(
  store: Store,
  clientGroupID: string,
  mutation: Mutation,
  { rescue = false }: PushOptions = {},
): Promise<MutationOutcome> {
  const { clientID, id } = mutation
  const client = { clientGroupID, clientID }

  return store.commit(async (tx) => {
    // 1. Read the client's position inside the commit, so that two pushes of one client cannot both take the same turn.
    const last = store.lastMutationID(client)
    if (last === null && belongsToAnotherGroup(store.sql, client))
      return 'foreign'
    const expected = (last ?? 0) + 1

    // 2. Already processed: there is nothing to do, and that is success.
    if (id < expected)
      return 'skipped'

    // 3. A gap: the mutations before this one are unknown here, and only a client that knows that may go on.
    if (id > expected && !rescue)
      return 'gap'

    // 4. A replay for a page that was closed: it is made under its first id, unless that was processed before.
    const first = replayOf(mutation)
    const change = currentMutation(first ?? { ...client, ...mutation })
    if (first && first.id <= (store.lastMutationID(first) ?? 0)) {
      tx.acknowledge({ ...client, lastMutationID: id })
      return 'applied'
    }

    // 5. Run it. A mutation that fails must not block the client's later ones for ever: a refusal takes its place.
    try {
      await runMutator(tx, change)
      return 'applied'
    }
    catch (error) {
      tx.discard()
      await tx.set(refusalKey(change.clientID, change.id), refusal(change, error, tx.now))
      return 'refused'
    }
    finally {
      // 6. Either way it was processed, under both of its ids.
      tx.acknowledge({ ...client, lastMutationID: id })
      if (first)
        tx.acknowledge({ clientGroupID: first.clientGroupID, clientID: first.clientID, lastMutationID: first.id })
    }
  })
}

type Change = Pick<Mutation, 'clientID' | 'id' | 'name' | 'args'>

function refusal({ clientID, id, name, args }: Change, error: unknown, at: number): Refusal {
  const known = error instanceof Refused
  if (!known)
    logFailure(`the mutator ${name}`, error)
  const { words, cut } = extractPersonText(name, args)
  const reason = known ? error.message : 'Something went wrong on our side, so this change was not made.'
  return {
    id: `${clientID}/${id}`,
    at,
    kind: known ? error.kind : 'internal',
    mutation: name,
    reason: cut ? `${reason} Only the beginning of the text could be kept.` : reason,
    words,
  }
}
