import type { ReadonlyJSONValue, WriteTransaction } from 'replicache'
import type { z } from 'zod'
import type { Json } from '#shared/model/json.ts'
import type { MutatorName, Mutators } from '#shared/mutators/index.ts'
import type { Tx } from '#shared/mutators/tx.ts'
import type { Replay } from '#shared/protocol/replay.ts'
import { must } from '#shared/lib/must.ts'
import { currentMutation, FORMER_MUTATOR_NAMES } from '#shared/mutators/current-mutation.ts'
import { mutators } from '#shared/mutators/index.ts'
import { FORMER_REPLAY, REPLAY, replay } from '#shared/protocol/replay.ts'
import { clientTx } from './client-tx.ts'

export type MutatorArgs<N extends MutatorName> = z.infer<Mutators[N]['args']>
type ClientMutator = (tx: WriteTransaction, args?: ReadonlyJSONValue) => Promise<void>
type ClientMutators = Record<MutatorName | typeof REPLAY | typeof FORMER_REPLAY, ClientMutator>

/** A mutation that the person just made on this device, as the journal keeps it. */
export type NewMutation = Omit<Replay, 'clientGroupID'>

export interface MutatorDeps {
  /** Time of the mutation, ms since the epoch; the same each time it is replayed. */
  timeOf: (clientID: string, mutationID: number) => number
  /** Throws `Refused` when too many mutations are pending. */
  checkLimit: (clientID: string, mutationID: number) => void
  onMutation: (change: NewMutation) => void
}

/** The shared mutators for Replicache, and one that replays a mutation of a closed tab. */
export function clientMutators(deps: MutatorDeps): ClientMutators {
  return {
    ...formerMutators(deps),
    [REPLAY]: runReplay,
    [FORMER_REPLAY]: runReplay,
    sendMessage: optimistic('sendMessage', deps),
    stopTurn: optimistic('stopTurn', deps),
    retryTurn: optimistic('retryTurn', deps),
    decideTask: optimistic('decideTask', deps),
    decideApproval: optimistic('decideApproval', deps),
    markSeen: optimistic('markSeen', deps),
    addNote: optimistic('addNote', deps),
    editNote: optimistic('editNote', deps),
    deleteNote: optimistic('deleteNote', deps),
    removeRow: optimistic('removeRow', deps),
    dismissRefusal: optimistic('dismissRefusal', deps),
  }
}

function optimistic(name: MutatorName, { timeOf, checkLimit, onMutation }: MutatorDeps): ClientMutator {
  const { args: schema, run } = mutators[name] as Runnable
  return async (tx, args) => {
    const { clientID, mutationID } = tx
    const at = timeOf(clientID, mutationID)
    if (tx.reason !== 'initial')
      return runOnNewerRows(clientTx(tx, at), name, args ?? null)
    checkLimit(clientID, mutationID)
    await run(clientTx(tx, at), schema.parse(args))
    onMutation({ clientID, id: mutationID, name, args: args ?? null, at })
  }
}

/** A device may still hold pending mutations under these names; Replicache reruns them on newer rows. */
function formerMutators({ timeOf }: MutatorDeps): Record<string, ClientMutator> {
  function rerun(name: string): ClientMutator {
    return (tx, args) => runOnNewerRows(clientTx(tx, timeOf(tx.clientID, tx.mutationID)), name, args ?? null)
  }
  return Object.fromEntries(FORMER_MUTATOR_NAMES.map(name => [name, rerun(name)]))
}

async function runReplay(tx: WriteTransaction, args?: ReadonlyJSONValue): Promise<void> {
  const mutation = replay.parse(args)
  await runOnNewerRows(clientTx(tx, mutation.at), mutation.name, mutation.args)
}

/** The mutation may be illegal by now. An error here would fail every later pull, and the edge refuses it anyway. */
async function runOnNewerRows(tx: Tx, madeAs: string, madeWith: Json): Promise<void> {
  const { name, args } = currentMutation({ name: madeAs, args: madeWith })
  try {
    const runnable = mutators[name as MutatorName] as Runnable | undefined
    const { args: schema, run } = must(runnable, `a mutator called ${name}`)
    await run(tx, schema.parse(args))
  }
  catch (error) {
    console.warn(`${name} no longer applies on this device`, error)
  }
}

/** TypeScript cannot see that a mutator's schema and function belong together once the name is a variable. */
interface Runnable {
  args: { parse: (args: unknown) => unknown }
  run: (tx: Tx, args: unknown) => Promise<void>
}
