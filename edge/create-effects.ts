import type { Effect } from '#shared/mutators/tx.ts'
import type { Turns } from './conversation/turns.ts'
import type { Notifier } from './notifications/notifier.ts'
import type { Drain, DrainDeps, RetryAt } from './store/drain.ts'
import { unreachable } from '#shared/lib/unreachable.ts'
import { logFailure } from './http/log-failure.ts'
import { createDrain } from './store/drain.ts'
import { defer, entries, remove } from './store/outbox.ts'

export interface EffectDeps extends Pick<DrainDeps, 'background' | 'rescheduled' | 'now'> {
  sql: SqlStorage
  turns: Turns
  compact: () => Promise<RetryAt | void>
  notifier: Notifier
}

/** Maps each effect to the part that performs it, and to the work that remains when it has failed for good. */
export function createEffects({ sql, turns, compact, notifier, background, rescheduled, now }: EffectDeps): Drain {
  return createDrain({
    entries: () => entries(sql),
    defer: (effect, to) => defer(sql, effect, to),
    remove: key => remove(sql, key),
    perform,
    gaveUp,
    failed: (effect, error) => logFailure(`the effect ${effect.kind}`, error),
    background,
    rescheduled,
    now,
    random: Math.random,
  })

  function perform(effect: Effect): Promise<RetryAt | void> {
    switch (effect.kind) {
      case 'answer': return turns.answer()
      case 'compact': return compact()
      case 'notify': return notifier.notify()
      default: return unreachable(effect)
    }
  }

  function gaveUp(effect: Effect): Promise<void> {
    switch (effect.kind) {
      case 'answer': return turns.giveUp()
      // Nothing was lost: the next turn and the next pending item request these effects again.
      case 'compact':
      case 'notify': return Promise.resolve()
      default: return unreachable(effect)
    }
  }
}
