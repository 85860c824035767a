import type { Ask as AskRow } from '#shared/model/ask.ts'
import type { Turn } from '#shared/model/turn.ts'
import type { Effect } from '#shared/mutators/tx.ts'
import type { Store } from '../store/store.ts'
import type { UnfinishedTasks } from '../tasks/unfinished-tasks.ts'
import type { Ask } from './deliver.ts'
import type { Waiting } from './notices.ts'
import type { PushKey } from './vapid-key.ts'
import { APPROVAL_PREFIX } from '#shared/model/ask.ts'
import { TASK_PREFIX } from '#shared/model/task.ts'
import { TURN_KEY } from '#shared/model/turn.ts'
import { askFor } from '../store/outbox.ts'
import { waiting } from './notices.ts'
import { tellDevice } from './notify-device.ts'
import { planNotices } from './plan-notices.ts'
import { hasSubscriptions, listSubscriptions } from './subscriptions.ts'

export interface NotifierDeps {
  store: Store
  unfinished: UnfinishedTasks
  key: () => Promise<PushKey>
  ask: Ask
  /** Whether the person is at one of their devices. */
  isPresent: () => boolean
  now: () => number
}

export interface Notifier {
  /** Called with what a commit changed, before anything is awaited: the effects it asks for, in rows of the same commit. */
  committed: (keys: readonly string[]) => Effect[]
  /** Tells the devices what is new. `again`: when to look once more, for what was held back or a push service did not take (ms since the epoch). */
  notify: () => Promise<{ again: number } | void>
  /** What waits now, as marks: a device that begins to listen is not told all of it. */
  marks: () => Promise<string[]>
}

/** Tells devices what waits for the person. Compares with what each was told, so it may be asked at any time. */
export function createNotifier({ store, unfinished, key, ask, isPresent, now }: NotifierDeps): Notifier {
  const { sql } = store

  async function read(): Promise<Waiting[]> {
    const turn = await store.rows.get(TURN_KEY) as Turn | undefined
    return waiting(unfinished(), await asks(), turn ?? null)
  }

  async function asks(): Promise<AskRow[]> {
    const found: AskRow[] = []
    for await (const [, row] of store.rows.scan(APPROVAL_PREFIX))
      found.push(row as AskRow)
    return found
  }

  return {
    committed(keys) {
      if (!keys.some(key => key === TURN_KEY || key.startsWith(TASK_PREFIX) || key.startsWith(APPROVAL_PREFIX)) || !hasSubscriptions(sql, now()))
        return []
      const effect: Effect = { kind: 'notify' }
      askFor(sql, effect, now())
      return [effect]
    },
    async notify() {
      const all = await read()
      const at = { present: isPresent(), now: now() }
      const ends = await Promise.all(listSubscriptions(sql, at.now).map(to => tellDevice({ sql, key, ask, now }, to, planNotices(all, to.told, at))))
      const again = ends.filter(end => end !== null)
      return again.length > 0 ? { again: Math.min(...again) } : undefined
    },
    marks: async () => (await read()).map(({ mark }) => mark),
  }
}
