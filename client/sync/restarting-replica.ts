import type { MutatorName } from '#shared/mutators/index.ts'
import type { RowChange } from './initial-rows.ts'
import type { ClientMutate, Replica, ReplicaDeps } from './replica.ts'
import { mutators } from '#shared/mutators/index.ts'
import { openReplica } from './replica.ts'

export interface RestartingReplica extends Omit<Replica, 'rescue' | 'retire'> {}

export interface RestartingReplicaDeps extends Omit<ReplicaDeps, 'onForgotten'> {
  /** Called when the replica starts over: other copies of the edge's data may be outdated too. */
  onRestart: () => void
}

interface Watcher { onChanges: (changes: readonly RowChange[]) => void, known: Set<string>, stop: () => void }

/**
 * A replica that starts over when the edge no longer knows its rows (storage
 * restored or replaced, a device away for a year). Pending mutations are
 * sent first, and watchers keep their rows until the new ones are there.
 */
export function openRestartingReplica(deps: RestartingReplicaDeps): RestartingReplica {
  const watchers = new Set<Watcher>()
  let restarting: Promise<void> | null = null
  let pulled = false
  let current = open()

  function open(): Replica {
    const opened = openReplica({
      ...deps,
      onPulled(pull) {
        pulled = true
        deps.onPulled(pull)
      },
      onForgotten() {
        // A retired replica may still report it.
        if (opened === current)
          restarting ??= restart().finally(() => restarting = null)
      },
    })
    return opened
  }

  async function restart(): Promise<void> {
    const old = current
    // The person may have made mutations since the last rescue.
    await old.rescue()
    watchers.forEach(({ stop }) => stop())
    await old.retire()
    deps.onRestart()
    pulled = false
    current = open()
    watchers.forEach(resubscribe)
  }

  function subscribe(watcher: Watcher): void {
    watcher.stop = current.watch(changes => notify(watcher, changes))
  }

  /** Waits for the edge's rows, then reports the differences to the rows of the old replica. */
  function resubscribe(watcher: Watcher): void {
    let waiting: Map<string, RowChange> | null = new Map()
    watcher.stop = current.watch((changes) => {
      if (!waiting)
        return notify(watcher, changes)
      for (const change of changes)
        waiting.set(change.key, change)
      if (!pulled)
        return
      const rows = waiting
      waiting = null
      const gone = [...watcher.known].filter(key => !rows.has(key)).map(key => ({ key, value: undefined }))
      notify(watcher, [...gone, ...rows.values()])
    })
  }

  function mutateWith(name: MutatorName) {
    return async (args: never) => {
      await restarting
      await current.mutate[name](args)
    }
  }

  const names = Object.keys(mutators) as MutatorName[]
  const mutate = Object.fromEntries(names.map(name => [name, mutateWith(name)]))
  return {
    mutate: mutate as ClientMutate,
    read: from => current.read(from),
    watch(onChanges) {
      const watcher: Watcher = { onChanges, known: new Set(), stop: () => {} }
      watchers.add(watcher)
      subscribe(watcher)
      return () => {
        watchers.delete(watcher)
        watcher.stop()
      }
    },
    poke: poke => current.poke(poke),
    sync: () => current.sync(),
    pull: options => current.pull(options),
    unsent: () => current.unsent(),
    recover: () => current.recover(),
    async close() {
      await restarting
      await current.close()
    },
  }
}

function notify({ known, onChanges }: Watcher, changes: readonly RowChange[]): void {
  for (const { key, value } of changes)
    value === undefined ? known.delete(key) : known.add(key)
  onChanges(changes)
}
