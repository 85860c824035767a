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
 * Between two pushes, and the first step of the backoff while there is no connection. Replicache's
 * default of 30 would be waited out by whoever acts twice in a row; 0 is a hot loop while offline.
 */
const MIN_DELAY_MS = 1

/**
 * A socket frame costs no request, so nothing is gained by gathering for
 * Replicache's 10 ms: what is made during a push goes with the next.
 */
const PUSH_DELAY_MS = 0

export type ClientMutate = { [N in MutatorName]: (args: MutatorArgs<N>) => Promise<void> }

/** The rows on this device. The only place that knows Replicache, its experimental parts included. */
export interface Replica {
  /** Each runs at once on this device; it rejects with `Refused` when that is already known to be impossible. */
  mutate: ClientMutate
  /** All rows at first, then what changed, in one call per commit. */
  watch: (onChanges: (changes: readonly RowChange[]) => void) => () => void
  /** The rows that the first paint needs: all that are not messages, and the messages from this key on. */
  read: (from: string) => Promise<RowChange[]>
  /** What the edge says of its own accord; what does not build on what is here becomes a pull. */
  poke: (poke: Poke) => void
  /** Sends what waits and fetches what changed, without waiting for a backoff. */
  sync: () => void
  /** `backfill`: with a piece of the older past, when the edge has one. */
  pull: (options?: { backfill: boolean }) => void
  /** What the person did here that the edge has not confirmed yet, oldest first. */
  unsent: () => Promise<readonly { name: string, args: unknown }[]>
  /** Does again what earlier tabs did and were closed upon, before the edge or this device's rows had it. */
  recover: () => Promise<void>
  /** Sends what waits as what a forgotten device had to say; false when that could not be done. */
  rescue: () => Promise<boolean>
  close: () => Promise<void>
  /** Closes it for good, and deletes its rows from this device when the edge does not know them. */
  retire: () => Promise<void>
}

export interface Pulled { backfill: boolean, before: PullBody['cookie'], after: PullPatch['cookie'] }

export interface ReplicaDeps extends PushDeps {
  /** One database a person and device; `mem` keeps nothing. */
  name: string
  store: 'idb' | 'mem'
  now: () => number
  journal: Journal
  tabs: Tabs
  onPulled: (pulled: Pulled) => void
  /**
   * The edge does not know the rows on this device, or the device itself forgot this tab; what waited here was sent.
   */
  onForgotten: () => void
  /** The rows on this device are from another version of the app: it must load again. */
  onStale: () => void
}

export function openReplica(deps: ReplicaDeps): Replica {
  const { name, store, now, requests, journal, tabs, onPulled, onForgotten, onStale } = deps
  let backfill = false
  let unknown = false
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
      unknown ||= isUnknown(pushed.response)
      if (isTaken(pushed))
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

  async function pull(
    body: PullBody,
  ): Promise<{ httpRequestInfo: HTTPRequestInfo, response?: ClientProblem | ReplicachePatch }> {
    // Replicache recovers the mutations of an earlier tab by pulling for its client group.
    const recovery = body.clientGroupID !== (await rep.clientGroupID)
    const options = recovery ? { recovery } : backfill ? { backfill } : {}
    backfill &&= recovery
    const answer = await requests.call({ type: 'pull', body, ...options })
    if (answer?.type !== 'pulled')
      return { httpRequestInfo: httpFailure(answer) }
    const { response } = answer
    if ('error' in response) {
      return (await mayForget(body, response))
        ? { httpRequestInfo: OK, response }
        : { httpRequestInfo: httpFailure(null) }
    }
    if (recovery)
      return { httpRequestInfo: OK, response: response as ReplicachePatch }
    pokes.pulled({ baseCookie: body.cookie, pull: response })
    onPulled({ backfill: 'backfill' in options, before: body.cookie, after: response.cookie })
    return { httpRequestInfo: OK, response: nothingNew(body) }
  }

  /**
   * Replicache forgets what is pending once it hears that it was
   * forgotten. Other groups' changes were pushed before they are pulled.
   */
  async function mayForget(body: PullBody, problem: ClientProblem) {
    if (!isUnknown(problem) || body.clientGroupID !== await rep.clientGroupID)
      return true
    unknown = true
    return rescue()
  }

  async function rescue() {
    const mutations = (await pending()).map(mutation => ({ ...mutation, timestamp: 0 }))
    const [profileID, clientGroupID] = await Promise.all([rep.profileID, rep.clientGroupID])
    const body = { pushVersion: 1, schemaVersion: SCHEMA_VERSION, profileID, clientGroupID, mutations } as PushBody
    const rescued = await rescueChanges(deps, body)
    if (isTaken(rescued))
      journal.acknowledged(body.mutations.map(original))
    return rescued.httpRequestInfo.httpStatusCode === 200
  }

  /** One after the other, so that nothing is done again twice. */
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

  /** What is in the journal and not among the rows of this page. */
  async function journaledOnly() {
    const entries = await journal.entries()
    const here = new Set((await pending()).map(mutation => keyOf(original(mutation))))
    return entries.filter(entry => !here.has(keyOf(entry)))
  }

  async function pending() {
    // It does not wait until the rows are open by itself; a query does.
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
      // Left there, they would be the start of the next one.
      if (unknown)
        await dropDatabase(rep.idbName, { kvStore: store })
    },
  }
}

/** What the protocol says of a value is what Replicache says of it. */
type ReplicachePatch = PullPatch & { patch: { value: ReadonlyJSONValue }[] }

/** What was pulled takes the one way in; Replicache need not know. */
function nothingNew({ cookie }: PullBody): ReplicachePatch {
  return { cookie: cookie as PullPatch['cookie'], lastMutationIDChanges: {}, patch: [] }
}

interface ReplayMutator { [REPLAY]: (change: Replay) => Promise<void> }

/** A change under the name it was first made with. */
function original(mutation: NamedMutation): NamedMutation {
  return replayOf(mutation) ?? mutation
}

interface NamedMutation { clientID: string, id: number, name: string, args: unknown }

function isTaken({ httpRequestInfo, response }: Pushed): boolean {
  return httpRequestInfo.httpStatusCode === 200 && response === undefined
}

function isUnknown(problem: ClientProblem | undefined): boolean {
  return problem?.error === 'ClientStateNotFound'
}

function toChange(diff: { op: string, key: string, newValue?: ReadonlyJSONValue }): RowChange {
  return { key: diff.key, value: diff.newValue }
}

/** Replicache tries again by itself; the connection's state is what the person sees. */
function ignoreFailure(done: Promise<void>) {
  done.catch(() => {})
}
