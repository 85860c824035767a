import type { HTTPRequestInfo, ReadonlyJSONValue } from 'replicache'
import type { MutatorName } from '#shared/mutators/index.ts'
import type { Replay } from '#shared/protocol/replay.ts'
import type { ClientProblem, PullBody, PullPatch, PushBody } from '#shared/protocol/replicache.ts'
import type { MutatorArgs } from './client-mutators.ts'
import type { RowChange } from './initial-rows.ts'
import type { Journal } from './journal.ts'
import type { Poke } from './merge-pokes.ts'
import type { PushDeps, Pushed } from './push-changes.ts'
import type { Tabs } from './tabs.ts'
import { dropDatabase, Replicache } from 'replicache'
import { REPLAY, replayOf } from '#shared/protocol/replay.ts'
import { SCHEMA_VERSION } from '#shared/protocol/replicache.ts'
import { sleep } from '../lib/sleep.ts'
import { clientMutators } from './client-mutators.ts'
import { readInitialRows } from './initial-rows.ts'
import { keyOf } from './journal.ts'
import { createMutationTimes } from './mutation-times.ts'
import { createPendingLimit } from './pending-limit.ts'
import { createPokeQueue } from './poke-queue.ts'
import { httpFailure, OK, pushChanges, rescueChanges } from './push-changes.ts'

/**
 * Delay between two pushes, and the first step of the backoff while offline. A person who acts
 * twice in a row would wait for Replicache's default of 30; 0 is a hot loop while offline.
 */
const MIN_DELAY_MS = 1

/**
 * A frame on the socket costs no request, so waiting for more mutations (Replicache's
 * default is 10 ms) gains nothing: those made during a push go with the next.
 */
const PUSH_DELAY_MS = 0

export type ClientMutate = { [N in MutatorName]: (args: MutatorArgs<N>) => Promise<void> }

/** The rows on this device. Only this file knows Replicache, its experimental parts included. */
export interface Replica {
  /** Each runs at once on this device, and rejects with `Refused` when it is illegal on its rows. */
  mutate: ClientMutate
  /** Calls back with all rows first, then with the changed ones, once per commit. */
  watch: (onChanges: (changes: readonly RowChange[]) => void) => () => void
  /** The rows for the first paint: all that are not messages, and the messages from the key `from` on. */
  read: (from: string) => Promise<RowChange[]>
  /** Applies a poke; one whose base is unknown becomes a pull. */
  poke: (poke: Poke) => void
  /** Pushes and pulls at once, without waiting for a backoff. */
  sync: () => void
  /** `backfill`: asks for a piece of older messages as well, if the edge has one. */
  pull: (options?: { backfill: boolean }) => void
  /** The mutations that the edge has not confirmed, oldest first. */
  unsent: () => Promise<readonly { name: string, args: unknown }[]>
  /** Replays the journaled mutations of closed tabs that neither the edge nor the rows have. */
  recover: () => Promise<void>
  /** Sends the pending mutations as a rescue; false when that failed. */
  rescue: () => Promise<boolean>
  close: () => Promise<void>
  /** Closes it, and deletes its rows from this device if the edge does not know them. */
  retire: () => Promise<void>
}

export interface Pulled { backfill: boolean, before: PullBody['cookie'], after: PullPatch['cookie'] }

export interface ReplicaDeps extends PushDeps {
  /** Of the database, one per person and device. */
  name: string
  /** `mem` stores nothing on the disk. */
  store: 'idb' | 'mem'
  now: () => number
  journal: Journal
  tabs: Tabs
  onPulled: (pulled: Pulled) => void
  /**
   * The edge does not know the rows on this device, or the
   * device dropped this tab; the pending mutations were sent.
   */
  onForgotten: () => void
  /** The rows on this device belong to another version of the app: the page must reload. */
  onStale: () => void
}

export function openReplica(deps: ReplicaDeps): Replica {
  const { name, store, now, requests, journal, tabs, onPulled, onForgotten, onStale } = deps
  let backfill = false
  let forgotten = false
  let recovered = Promise.resolve()
  const limit = createPendingLimit()
  const rep = new Replicache({
    name,
    kvStore: store,
    schemaVersion: SCHEMA_VERSION,
    logLevel: 'error',
    logSinks: [],
    pullInterval: null,
    pushDelay: PUSH_DELAY_MS,
    requestOptions: { minDelayMs: MIN_DELAY_MS },
    mutators: clientMutators({
      timeOf: createMutationTimes(now),
      checkLimit: limit.check,
      onMutation: change => void rep.clientGroupID.then(clientGroupID => journal.add({ ...change, clientGroupID })),
    }),
    pusher: async (body) => {
      const pushed = await pushChanges(deps, body as PushBody)
      forgotten ||= isClientForgotten(pushed.response)
      if (isAccepted(pushed))
        journal.acknowledged((body as PushBody).mutations.map(original))
      return pushed
    },
    puller: body => pull(body as PullBody),
  })
  const pokes = createPokeQueue({
    async apply({ baseCookie, pull }) {
      await rep.poke({ baseCookie, pullResponse: pull as ReplicachePatch })
      limit.confirmed(pull.lastMutationIDChanges)
      journal.confirmed(pull.lastMutationIDChanges)
    },
    pull: () => ignoreFailure(rep.pull()),
    sleep,
  })
  const closeTab = tabs.open(rep.clientID)
  rep.onClientStateNotFound = onForgotten
  rep.onUpdateNeeded = onStale

  async function pull(body: PullBody): Promise<PullResult> {
    // Replicache recovers the mutations of an earlier tab by pulling for its client group.
    const recovery = body.clientGroupID !== (await rep.clientGroupID)
    const options = recovery ? { recovery } : backfill ? { backfill } : {}
    backfill &&= recovery
    const answer = await requests.call({ type: 'pull', body, ...options })
    if (answer?.type !== 'pulled')
      return { httpRequestInfo: httpFailure(answer) }
    const { response } = answer
    if ('error' in response) {
      const isSafe = await mayForget(body, response)
      return isSafe ? { httpRequestInfo: OK, response } : { httpRequestInfo: httpFailure(null) }
    }
    if (recovery)
      return { httpRequestInfo: OK, response: response as ReplicachePatch }
    pokes.pulled({ baseCookie: body.cookie, pull: response })
    onPulled({ backfill: 'backfill' in options, before: body.cookie, after: response.cookie })
    return { httpRequestInfo: OK, response: nothingNew(body) }
  }

  /**
   * Replicache drops the pending mutations once it learns that it was forgotten, so
   * they are rescued first. Those of other client groups were pushed before their pull.
   */
  async function mayForget(body: PullBody, problem: ClientProblem) {
    if (!isClientForgotten(problem) || body.clientGroupID !== await rep.clientGroupID)
      return true
    forgotten = true
    return rescue()
  }

  async function rescue() {
    const mutations = (await pending()).map(mutation => ({ ...mutation, timestamp: 0 }))
    const [profileID, clientGroupID] = await Promise.all([rep.profileID, rep.clientGroupID])
    const body = { pushVersion: 1, schemaVersion: SCHEMA_VERSION, profileID, clientGroupID, mutations } as PushBody
    const rescued = await rescueChanges(deps, body)
    if (isAccepted(rescued))
      journal.acknowledged(body.mutations.map(original))
    return rescued.httpRequestInfo.httpStatusCode === 200
  }

  /** Recoveries run one after the other, so that no mutation is replayed twice. */
  function recover() {
    recovered = recovered
      .then(replayJournal)
      .catch(error => console.warn('The mutations of an earlier tab could not be read.', error))
    return recovered
  }

  async function replayJournal() {
    const open = await tabs.openClients()
    for (const entry of await journaledOnly()) {
      if (entry.clientID !== rep.clientID && !open.has(entry.clientID))
        await (rep.mutate as ReplayMutator)[REPLAY](entry)
    }
  }

  /** The journal's entries that are not among Replicache's pending mutations. */
  async function journaledOnly() {
    const entries = await journal.entries()
    const known = new Set((await pending()).map(mutation => keyOf(original(mutation))))
    return entries.filter(entry => !known.has(keyOf(entry)))
  }

  async function pending() {
    // `experimentalPendingMutations` does not wait until the rows are open; a query does.
    await rep.query(() => Promise.resolve())
    return rep.experimentalPendingMutations()
  }

  function close() {
    closeTab()
    return rep.close()
  }

  return {
    mutate: rep.mutate as ClientMutate,
    watch: onChanges =>
      rep.experimentalWatch(diffs => onChanges(diffs.map(toChange)), { initialValuesInFirstDiff: true }),
    read: from => rep.query(tx => readInitialRows(tx, from)),
    poke: pokes.add,
    sync() {
      ignoreFailure(rep.pull({ now: true }))
      ignoreFailure(rep.push({ now: true }))
    },
    pull(options) {
      backfill ||= options?.backfill === true
      ignoreFailure(rep.pull())
    },
    unsent: async () => [...(await pending()).map(original), ...(await journaledOnly())],
    recover,
    rescue,
    close,
    async retire() {
      await close()
      // The next replica would start from these rows.
      if (forgotten)
        await dropDatabase(rep.idbName, { kvStore: store })
    },
  }
}

/** The protocol's JSON values are Replicache's, under another type. */
type ReplicachePatch = PullPatch & { patch: { value: ReadonlyJSONValue }[] }

/** An empty answer for Replicache: the pulled rows go through the poke queue instead. */
function nothingNew({ cookie }: PullBody): ReplicachePatch {
  return { cookie: cookie as PullPatch['cookie'], lastMutationIDChanges: {}, patch: [] }
}

interface PullResult { httpRequestInfo: HTTPRequestInfo, response?: ClientProblem | ReplicachePatch }

interface ReplayMutator { [REPLAY]: (change: Replay) => Promise<void> }

/** The mutation that a replay repeats, or the mutation itself. */
function original(mutation: NamedMutation): NamedMutation {
  return replayOf(mutation) ?? mutation
}

interface NamedMutation { clientID: string, id: number, name: string, args: unknown }

function isAccepted({ httpRequestInfo, response }: Pushed): boolean {
  return httpRequestInfo.httpStatusCode === 200 && response === undefined
}

function isClientForgotten(problem: ClientProblem | undefined): boolean {
  return problem?.error === 'ClientStateNotFound'
}

function toChange(diff: { op: string, key: string, newValue?: ReadonlyJSONValue }): RowChange {
  return { key: diff.key, value: diff.newValue }
}

/** Replicache retries by itself, and the person sees the connection's state. */
function ignoreFailure(done: Promise<void>) {
  done.catch(() => {})
}
