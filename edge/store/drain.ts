import type { Effect } from '#shared/mutators/tx.ts'
import type { OutboxEntry } from './outbox.ts'
import { backoff, jittered } from '#shared/lib/backoff.ts'
import { effectKey, LEASE_MS } from './outbox.ts'

/** Bounded, so that a broken effect neither burns money nor waits for ever. */
const RETRY = { firstMs: 1_000, maxMs: 300_000 }

/** About ten minutes with the backoff above; an effect that still fails then needs a person. */
export const MAX_TRIES = 10

/** The result of an effect that did not fail but has more to do at `retryAt` (ms since the epoch). */
export interface RetryAt { retryAt: number }

export interface DrainDeps {
  entries: () => OutboxEntry[]
  /** Must also write the entry of an effect that has none yet. */
  defer: (effect: Effect, to: { due: number, tries: number }) => void
  remove: (key: string) => void
  perform: (effect: Effect) => Promise<RetryAt | void>
  /** The effect was removed after its last try failed. */
  gaveUp: (effect: Effect) => Promise<void>
  /** Called for each failed try, to log it. */
  failed: (effect: Effect, error: unknown) => void
  /** Keeps the object awake for work that no caller awaits. */
  background: (work: Promise<void>) => void
  /** Called when an entry got a new due time. */
  rescheduled: () => void
  now: () => number
  /** In [0, 1). */
  random: () => number
}

export interface Drain {
  /** Performs the effects of the commit before this call. */
  enqueue: (effects: readonly Effect[]) => void
  /** Performs the entries that are due, after a deferral, a failure, or the end of the object that performed them. */
  fire: () => void
  /** Makes effects due at once that the rows of an earlier object still need, unless an entry says when they are. */
  recover: (wanted: readonly Effect[]) => void
  due: () => number | null
}

/** Performs effects after their commit, one at a time for each key, until they succeed or are given up. */
export function createDrain(deps: DrainDeps): Drain {
  const running = new Map<string, Effect>()
  const enqueuedAgain = new Set<string>()

  async function run({ key, effect, tries }: Omit<OutboxEntry, 'due'>): Promise<void> {
    running.set(key, effect)
    let outcome
    do {
      enqueuedAgain.delete(key)
      outcome = await attempt(effect)
      // Enqueued meanwhile: the new work may have come after the performer last read the rows.
    } while (enqueuedAgain.has(key))
    running.delete(key)
    await recordOutcome({ key, effect, tries }, outcome)
  }

  async function attempt(effect: Effect): Promise<Outcome> {
    try {
      const result = await deps.perform(effect)
      return result ? { kind: 'retry-at', due: result.retryAt } : { kind: 'done' }
    }
    catch (error) {
      deps.failed(effect, error)
      return { kind: 'failed' }
    }
  }

  async function recordOutcome({ key, effect, tries }: Omit<OutboxEntry, 'due'>, outcome: Outcome): Promise<void> {
    if (outcome.kind === 'failed' && tries < MAX_TRIES) {
      deps.defer(effect, { due: deps.now() + jittered(backoff(RETRY, tries - 1), deps.random()), tries })
      return deps.rescheduled()
    }
    if (outcome.kind === 'retry-at') {
      deps.defer(effect, { due: outcome.due, tries: 0 })
      return deps.rescheduled()
    }
    deps.remove(key)
    if (outcome.kind === 'failed')
      await deps.gaveUp(effect)
  }

  return {
    enqueue(effects) {
      for (const effect of effects) {
        const key = effectKey(effect)
        if (running.has(key))
          enqueuedAgain.add(key)
        else
          deps.background(run({ key, effect, tries: 1 }))
      }
    },
    fire() {
      const now = deps.now()
      const entries = deps.entries()
      for (const { key, effect, due, tries } of entries) {
        if (due > now)
          continue
        const isRunning = running.has(key)
        deps.defer(effect, { due: now + LEASE_MS, tries: isRunning ? tries : tries + 1 })
        if (!isRunning)
          deps.background(run({ key, effect, tries: tries + 1 }))
      }
      // A running effect without an entry takes so long that it gets one:
      // the alarm that would notice the end of its object has just fired.
      for (const [key, effect] of running) {
        if (!entries.some(entry => entry.key === key))
          deps.defer(effect, { due: now + LEASE_MS, tries: 1 })
      }
    },
    recover(wanted) {
      const held = new Set(deps.entries().map(({ key }) => key))
      for (const effect of wanted) {
        if (!held.has(effectKey(effect)) && !running.has(effectKey(effect)))
          deps.defer(effect, { due: deps.now(), tries: 0 })
      }
    },
    due: () =>
      deps.entries().reduce<number | null>((first, { due }) => (first === null ? due : Math.min(first, due)), null),
  }
}

type Outcome = { kind: 'done' } | { kind: 'retry-at', due: number } | { kind: 'failed' }
