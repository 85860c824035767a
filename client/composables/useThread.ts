import type { ShallowRef } from 'vue'
import type { ThreadWindow } from '../lib/thread-window.ts'
import type { ThreadEntry } from '../lib/thread.ts'
import { computed, nextTick, shallowRef, watch } from 'vue'
import { threadItems } from '../lib/thread-items.ts'
import { earlier, later, NEWEST, threadPart } from '../lib/thread-window.ts'
import { useMinutes } from './useClock.ts'
import { useFollowScroll } from './useFollowScroll.ts'
import { useHistory } from './useHistory.ts'
import { useMainloop } from './useMainloop.ts'

/** Entries are drawn this far before the reader reaches them. CSS pixels. */
const PRELOAD_DISTANCE = 1500

/** The drawn part of the thread, which moves with the reader. */
export function useThread(
  scroller: Readonly<ShallowRef<HTMLElement | null>>,
  content: Readonly<ShallowRef<HTMLElement | null>>,
) {
  const { rows } = useMainloop()
  const now = useMinutes()
  const history = useHistory()
  const window = shallowRef(NEWEST)
  const part = computed(() => threadPart(rows.thread.value, window.value))
  const { atEnd, distance, toEnd, keepPosition } = useFollowScroll(scroller, content, () => !part.value.below)
  let moving = false

  watch(distance, move)
  // Older entries from the edge can be drawn at once.
  watch(() => part.value.above, above => above && move())
  watch(() => rows.thread.value.at(-1), showOwnMessage, { flush: 'post' })

  /** Scrolls to a message that the person just wrote. */
  function showOwnMessage(last: ThreadEntry | undefined, before: ThreadEntry | undefined) {
    if (last?.pending && last.message.kind === 'person' && last.key !== before?.key)
      void toNewest('instant')
  }

  /** Moves the window by one step per frame, so that scrolling stays smooth. */
  async function move() {
    if (moving)
      return
    moving = true
    for (let next = nextWindow(); next !== null; next = nextWindow()) {
      const change = next
      await keepPosition(() => void (window.value = change))
      await new Promise(requestAnimationFrame)
    }
    moving = false
  }

  function nextWindow(): ThreadWindow | null {
    const { above, below } = distance.value
    if (part.value.below && below < PRELOAD_DISTANCE)
      return later(rows.thread.value, window.value)
    // At the end the entries above are not needed any more.
    if (atEnd.value)
      return window.value === NEWEST ? null : NEWEST
    if (part.value.above)
      return above < PRELOAD_DISTANCE || window.value === NEWEST ? earlier(rows.thread.value, window.value) : null
    if (above < PRELOAD_DISTANCE)
      void history.load()
    return null
  }

  async function toNewest(behavior: ScrollBehavior = 'smooth') {
    window.value = NEWEST
    await nextTick()
    toEnd(behavior)
  }

  return {
    items: computed(() => threadItems(part.value.entries, now.value)),
    empty: computed(() => rows.ready.value && rows.thread.value.length === 0),
    atEnd: computed(() => atEnd.value && !part.value.below),
    history: computed(() => (part.value.above ? null : history.notice.value)),
    toNewest,
  }
}
