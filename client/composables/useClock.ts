import type { ComputedRef, MaybeRefOrGetter } from 'vue'
import { createSharedComposable, useNow } from '@vueuse/core'
import { computed, toValue } from 'vue'
import { elapsed } from '../lib/relative-time.ts'

/** "3 min ago" is never wrong by more than this. */
const MINUTES_EVERY_MS = 20_000
const SECONDS_EVERY_MS = 1_000

// One timer for all of a page, however many tasks it shows.
const useMinuteTicker = createSharedComposable(() => useNow({ interval: MINUTES_EVERY_MS }))
const useSecondTicker = createSharedComposable(() => useNow({ interval: SECONDS_EVERY_MS }))

/** Now, for words that count in minutes. */
export function useMinutes(): ComputedRef<number> {
  const now = useMinuteTicker()
  return computed(() => now.value.getTime())
}

/** A running clock since a moment; null when there is none. */
export function useElapsed(since: MaybeRefOrGetter<number | null>): ComputedRef<string | null> {
  const now = useSecondTicker()
  return computed(() => {
    const from = toValue(since)
    return from === null ? null : elapsed(from, now.value.getTime())
  })
}
