import type { Effect } from '#shared/mutators/tx.ts'
import type { OutboxEntry } from './outbox.ts'
import { backoff, jittered } from '#shared/lib/backoff.ts'
import { effectKey, LEASE_MS } from './outbox.ts'

/** A broken effect neither burns money nor waits for ever. */
const RETRY = { firstMs: 1_000, maxMs: 300_000 }

/** With the backoff above about ten minutes; what has not worked by then needs a person. */
export const MAX_TRIES = 10

/** Nothing went wrong, but there is more to do at that time (ms since the epoch). */
export interface RetryAt { retryAt: number }

export interface DrainDeps {
  entries: () => OutboxEntry[]
  /** Also for an effect that has no entry yet. */
  defer: (effect: Effect, to: { due: number, tries: number }) => void
  remove: (key: string) => void
  perform: (effect: Effect) => Promise<RetryAt | void>
  /** The effect was removed after its last try failed. */
  gaveUp: (effect: Effect) => Promise<void>
  /** Called for each try that failed, to log it. */
  failed: (effect: Effect, error: unknown) => void
  /** Keeps the object awake for work that nobody waits for. */
  background: (work: Promise<void>) => void
  /** Called when an entry got a new due time. */
  rescheduled: () => void
  now: () => number
  /** In [0, 1). */
  random: () => number
}

export interface Drain {
  /** Performs what the commit before this call asked for. */
  enqueue: (effects: readonly Effect[]) => void
  /** Performs what is due: after a pause, a failure, or the end of the object that performed it. */
  fire: () => void
  /** Makes what the rows of an object before this one still want due at once, unless an entry says when it is. */
  recover: (wanted: readonly Effect[]) => void
  due: () => number | null
}

/** Performs effects after their commit, each key once at a time, until it worked or was given up. */
export function createDrain(deps: DrainDeps): Drain {
  const running = new Map<string, Effect>()
  const enqueuedAgain = new Set<string>()

  async function run({ key, effect, tries }: Omit<OutboxEntry, 'due'>): Promise<void> {
    running.set(key, effect)
    let outcome
    do {
      enqueuedAgain.delete(key)
      outcome = await attempt(effect)
      // Asked again meanwhile: what is new may have come after the performer's last look.
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
        else deps.background(run({ key, effect, tries: 1 }))
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
      // What had no entry so far takes so long that it gets one: the
      // alarm that would notice the end of its performer has rung.
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
