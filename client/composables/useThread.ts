import type { ShallowRef } from 'vue'
import type { ThreadWindow } from '../lib/thread-window.ts'
import { computed, nextTick, shallowRef, watch } from 'vue'
import { threadItems } from '../lib/thread-items.ts'
import { earlier, later, NEWEST, threadPart } from '../lib/thread-window.ts'
import { useMinutes } from './useClock.ts'
import { useFollowScroll } from './useFollowScroll.ts'
import { useHistory } from './useHistory.ts'
import { useMainloop } from './useMainloop.ts'

/** Entries are drawn before the reader comes to where they belong. CSS pixels. */
const PRELOAD_DISTANCE = 1500

/** The thread as it is drawn: a part of it that moves with the reader. */
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
  // What came from the edge can be drawn at once.
  watch(
    () => part.value.above,
    there => there && move(),
  )
  // What the person wrote is where they want to be.
  watch(
    () => rows.thread.value.at(-1),
    (last, before) => {
      if (last?.pending && last.message.kind === 'person' && last.key !== before?.key)
        void toNewest('instant')
    },
    { flush: 'post' },
  )

  /** One step a frame, so that scrolling stays smooth. */
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
    // Back at the end the rest is not needed any more.
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
    history: computed(() => (part.value.above ? null : history.words.value)),
    toNewest,
  }
}
