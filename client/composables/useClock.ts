import type { ComputedRef, MaybeRefOrGetter } from 'vue'
import { createSharedComposable, useNow } from '@vueuse/core'
import { computed, toValue } from 'vue'
import { elapsed } from '../lib/relative-time.ts'

/** The maximum error of a sentence such as "3 min ago". */
const MINUTES_EVERY_MS = 20_000
const SECONDS_EVERY_MS = 1_000

// All components of a page share one timer.
const useMinuteTicker = createSharedComposable(() => useNow({ interval: MINUTES_EVERY_MS }))
const useSecondTicker = createSharedComposable(() => useNow({ interval: SECONDS_EVERY_MS }))

/** The current time, for sentences that count in minutes. */
export function useMinutes(): ComputedRef<number> {
  const now = useMinuteTicker()
  return computed(() => now.value.getTime())
}

/** A running clock since a time; null without one. */
export function useElapsed(since: MaybeRefOrGetter<number | null>): ComputedRef<string | null> {
  const now = useSecondTicker()
  return computed(() => {
    const from = toValue(since)
    return from === null ? null : elapsed(from, now.value.getTime())
  })
}
