import type { ShallowRef } from 'vue'
import { useEventListener } from '@vueuse/core'
import { computed, shallowRef } from 'vue'

/** From here on letting go acts. CSS pixels. */
const FAR = 96

/** Less is a tap or a scroll. CSS pixels. */
const BEGIN = 12

export interface SwipeSides { start: () => void, end: () => void }

/** A finger that moves something sideways, and acts when it lets go far enough out. `may`: the sides there is something to do on. */
export function useSwipe(element: Readonly<ShallowRef<HTMLElement | null>>, may: () => { start: boolean, end: boolean }, act: SwipeSides) {
  const moved = shallowRef(0)
  let from: { id: number, x: number, y: number } | null = null

  useEventListener(element, 'pointerdown', (event) => {
    if (event.pointerType === 'touch' && event.isPrimary)
      from = { id: event.pointerId, x: event.clientX, y: event.clientY }
  })
  useEventListener(element, 'pointermove', (event) => {
    if (from?.id !== event.pointerId)
      return
    const x = event.clientX - from.x
    const side = x < 0 ? may().start : may().end
    moved.value = side && Math.abs(x) > BEGIN ? x : 0
  })
  useEventListener(element, 'pointerup', (event) => {
    if (from?.id === event.pointerId && Math.abs(moved.value) >= FAR)
      (moved.value < 0 ? act.start : act.end)()
    reset()
  })
  // The browser took it for a scroll.
  useEventListener(element, 'pointercancel', reset)

  function reset() {
    from = null
    moved.value = 0
  }

  return { moved, far: computed(() => Math.abs(moved.value) >= FAR) }
}
