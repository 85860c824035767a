import type { Backoff } from './backoff.ts'
import type { SendRequest } from './deliver.ts'
import type { PendingNotice } from './notices.ts'
import type { NoticePlan } from './plan-notices.ts'
import type { WebPushSubscription } from './subscriptions.ts'
import type { VapidKey } from './vapid-key.ts'
import { unreachable } from '#shared/lib/unreachable.ts'
import { logFailure } from '../http/log-failure.ts'
import { backoffAfter, NO_BACKOFF } from './backoff.ts'
import { deliver, NOTICE_TTL_S } from './deliver.ts'
import { removeSubscription, updateSubscription } from './subscriptions.ts'

export interface NotifyDeps {
  sql: SqlStorage
  key: () => Promise<VapidKey>
  request: SendRequest
  now: () => number
}

/**
 * Sends the planned notices to one device and records its marks and backoff. Returns the time of the next try, ms since
 * the epoch; null when none is needed.
 */
export async function notifyDevice(
  deps: NotifyDeps,
  to: WebPushSubscription,
  { send, told, retryAt }: NoticePlan,
): Promise<number | null> {
  const isBackingOff = to.backoff.retryAt > deps.now()
  const { left, backoff } = isBackingOff ? { left: send, backoff: to.backoff } : await deliverAll(deps, to, send)
  const then = { told: told.filter(mark => !left.some(one => one.mark === mark)), backoff }
  if (then.told.join() !== to.told.join() || backoff.retryAt !== to.backoff.retryAt)
    updateSubscription(deps.sql, to, then)
  return left.length > 0 ? backoff.retryAt : retryAt
}

/** Delivers notices in order until the push service asks to wait. One that it will never accept counts as delivered. */
async function deliverAll(
  { sql, key, request, now }: NotifyDeps,
  to: WebPushSubscription,
  send: readonly PendingNotice[],
): Promise<{ left: PendingNotice[], backoff: Backoff }> {
  const { hostname } = new URL(to.endpoint)
  for (const [n, { notice }] of send.entries()) {
    const delivery = await deliver(to, notice, { key: await key(), request, now })
    switch (delivery.kind) {
      case 'delivered':
        break
      case 'gone':
        removeSubscription(sql, to.device, to.endpoint)
        return { left: [], backoff: NO_BACKOFF }
      case 'refused':
        logFailure(`a notice that ${hostname} will not take`, delivery.why)
        break
      case 'later':
        logFailure(`a notice that ${hostname} did not take yet`, delivery.why)
        return {
          left: send.slice(n).filter(({ since }) => now() < since + NOTICE_TTL_S * 1000),
          backoff: backoffAfter(to.backoff, delivery.at, now()),
        }
      default:
        unreachable(delivery)
    }
  }
  return { left: [], backoff: send.length > 0 ? NO_BACKOFF : to.backoff }
}
