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
import { nextInboxChange } from '#shared/task/inbox.ts'
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
  /** Whether the person looks at one of their devices. */
  isPresent: () => boolean
  now: () => number
}

type NewSubscription = Omit<WebPushSubscription, 'told' | 'backoff'>

export interface Notifier {
  /**
   * Must be called with the changed keys right after a commit, before any await, so that the outbox rows that it writes
   * become durable with the commit. Returns the effects.
   */
  committed: (keys: readonly string[]) => Effect[]
  /** Sends new notices to the devices. Resolves with the time of the next call when some were held back or failed. */
  notify: () => Promise<RetryAt | void>
  /** Subscribes a device. It is notified only of later items, because the inbox shows those that are pending now. */
  subscribe: (subscription: NewSubscription) => Promise<ReturnType<typeof putSubscription>>
}

/** Notifies devices of pending items. It compares with each device's marks, so `notify` may be called at any time. */
export function createNotifier({ store, unfinished, key, request, isPresent, now }: NotifierDeps): Notifier {
  const { sql } = store

  async function readPending(): Promise<PendingNotice[]> {
    const turn = await read(store.rows, rows.turn)
    return pendingNotices(unfinished(), await approvals(), turn ?? null, now())
  }

  async function approvals(): Promise<Approval[]> {
    const found: Approval[] = []
    for await (const approval of list(store.rows, rows.approval))
      found.push(approval)
    return found
  }

  return {
    committed(keys) {
      if (!keys.some(mayNotify) || !hasSubscriptions(sql, now()))
        return []
      const effect: Effect = { kind: 'notify' }
      enqueueEffect(sql, effect, now())
      return [effect]
    },
    async notify() {
      const all = await readPending()
      const at = { present: isPresent(), now: now() }
      const deps = { sql, key, request, now }
      const times = await Promise.all(listSubscriptions(sql, at.now)
        .map(subscription => notifyDevice(deps, subscription, planNotices(all, subscription.told, at))))
      // Some items enter the inbox by time alone, without a commit that would ask for a notice.
      const retryAt = [...times, nextInboxChange(unfinished(), at.now)].filter(time => time !== null)
      return retryAt.length > 0 ? { retryAt: Math.min(...retryAt) } : undefined
    },
    async subscribe(subscription) {
      const told = (await readPending()).map(({ mark }) => mark)
      return putSubscription(sql, { ...subscription, told }, now())
    },
  }
}

function mayNotify(key: string): boolean {
  return key === TURN_KEY || key.startsWith(TASK_PREFIX) || key.startsWith(APPROVAL_PREFIX)
}
