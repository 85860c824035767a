import type { Approval } from '#shared/model/approval.ts'
import type { Effect } from '#shared/mutators/tx.ts'
import type { RetryAt } from '../store/drain.ts'
import type { Store } from '../store/store.ts'
import type { UnfinishedTasks } from '../tasks/unfinished-tasks.ts'
import type { SendRequest } from './deliver.ts'
import type { PendingNotice } from './notices.ts'
import type { WebPushSubscription } from './subscriptions.ts'
import type { VapidKey } from './vapid-key.ts'
import { APPROVAL_PREFIX } from '#shared/model/approval.ts'
import { list, read, rows } from '#shared/model/rows.ts'
import { TASK_PREFIX } from '#shared/model/task.ts'
import { TURN_KEY } from '#shared/model/turn.ts'
import { enqueueEffect } from '../store/outbox.ts'
import { pendingNotices } from './notices.ts'
import { notifyDevice } from './notify-device.ts'
import { planNotices } from './plan-notices.ts'
import { hasSubscriptions, listSubscriptions, putSubscription } from './subscriptions.ts'

export interface NotifierDeps {
  store: Store
  unfinished: UnfinishedTasks
  key: () => Promise<VapidKey>
  request: SendRequest
  /** Whether the person is at one of their devices. */
  isPresent: () => boolean
  now: () => number
}

type NewSubscription = Omit<WebPushSubscription, 'told' | 'backoff'>

export interface Notifier {
  /**
   * Called with what a commit changed, before anything is awaited: the effects it asks for, in rows of the same commit.
   */
  committed: (keys: readonly string[]) => Effect[]
  /**
   * Tells the devices what is new. Resolves with when to look once more, for
   * what was held back or a push service did not take (ms since the epoch).
   */
  notify: () => Promise<RetryAt | void>
  /** From now on this device is told. What waits already is in the inbox; a device is told only of what comes. */
  subscribe: (subscription: NewSubscription) => Promise<ReturnType<typeof putSubscription>>
}

/** Tells devices what waits for the person. Compares with what each was told, so it may be asked at any time. */
export function createNotifier({ store, unfinished, key, request, isPresent, now }: NotifierDeps): Notifier {
  const { sql } = store

  async function readPending(): Promise<PendingNotice[]> {
    const turn = await read(store.rows, rows.turn)
    return pendingNotices(unfinished(), await approvals(), turn ?? null)
  }

  async function approvals(): Promise<Approval[]> {
    const found: Approval[] = []
    for await (const approval of list(store.rows, rows.approval))
      found.push(approval)
    return found
  }

  return {
    committed(keys) {
      if (
        !keys.some(key => key === TURN_KEY || key.startsWith(TASK_PREFIX) || key.startsWith(APPROVAL_PREFIX))
        || !hasSubscriptions(sql, now())
      ) {
        return []
      }
      const effect: Effect = { kind: 'notify' }
      enqueueEffect(sql, effect, now())
      return [effect]
    },
    async notify() {
      const all = await readPending()
      const at = { present: isPresent(), now: now() }
      const ends = await Promise.all(
        listSubscriptions(sql, at.now).map(to =>
          notifyDevice({ sql, key, request, now }, to, planNotices(all, to.told, at)),
        ),
      )
      const retryAt = ends.filter(end => end !== null)
      return retryAt.length > 0 ? { retryAt: Math.min(...retryAt) } : undefined
    },
    async subscribe(subscription) {
      const told = (await readPending()).map(({ mark }) => mark)
      return putSubscription(sql, { ...subscription, told }, now())
    },
  }
}
