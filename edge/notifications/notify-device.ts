import type { Pause } from './backoff.ts'
import type { Ask } from './deliver.ts'
import type { Waiting } from './notices.ts'
import type { Plan } from './plan-notices.ts'
import type { Subscription } from './subscriptions.ts'
import type { PushKey } from './vapid-key.ts'
import { unreachable } from '#shared/lib/unreachable.ts'
import { logFailure } from '../http/log-failure.ts'
import { NO_PAUSE, pauseAfter } from './backoff.ts'
import { deliver, KEPT_S } from './deliver.ts'
import { removeSubscription, tell } from './subscriptions.ts'

export interface TellDeps {
  sql: SqlStorage
  key: () => Promise<PushKey>
  ask: Ask
  now: () => number
}

/** Tells one device what was planned, or notes what is left. Answers when to look again, ms since the epoch; null: there is no need. */
export async function tellDevice(deps: TellDeps, to: Subscription, { send, told, again }: Plan): Promise<number | null> {
  const { left, pause } = to.pause.retryAt > deps.now() ? { left: send, pause: to.pause } : await deliverAll(deps, to, send)
  const then = { told: told.filter(mark => !left.some(one => one.mark === mark)), pause }
  if (then.told.join() !== to.told.join() || pause.retryAt !== to.pause.retryAt)
    tell(deps.sql, to, then)
  return left.length > 0 ? pause.retryAt : again
}

/** In their order, until the push service wants to be left alone. What never will be taken counts as told. */
async function deliverAll({ sql, key, ask, now }: TellDeps, to: Subscription, send: readonly Waiting[]): Promise<{ left: Waiting[], pause: Pause }> {
  const { hostname } = new URL(to.endpoint)
  for (const [n, { notice }] of send.entries()) {
    const delivery = await deliver(to, notice, { key: await key(), ask, now })
    switch (delivery.kind) {
      case 'delivered':
        break
      case 'gone':
        removeSubscription(sql, to.device, to.endpoint)
        return { left: [], pause: NO_PAUSE }
      case 'refused':
        logFailure(`a notice that ${hostname} will not take`, delivery.why)
        break
      case 'later':
        logFailure(`a notice that ${hostname} did not take yet`, delivery.why)
        return { left: send.slice(n).filter(({ since }) => now() < since + KEPT_S * 1000), pause: pauseAfter(to.pause, delivery.at, now()) }
      default:
        unreachable(delivery)
    }
  }
  return { left: [], pause: send.length > 0 ? NO_PAUSE : to.pause }
}
