import type { ShallowRef } from 'vue'
import { useEventListener } from '@vueuse/core'
import { computed, shallowRef } from 'vue'

/** Releasing beyond this distance runs the action. CSS pixels. */
const ACTION_DISTANCE = 96

/** A shorter movement is a tap or a scroll. CSS pixels. */
const START_DISTANCE = 12

export interface SwipeActions { start: () => void, end: () => void }

/**
 * Moves an element sideways with a finger, and runs an action when it
 * is released far enough out. `allowed`: the sides with an action.
 */
export function useSwipe(
  element: Readonly<ShallowRef<HTMLElement | null>>,
  allowed: () => { start: boolean, end: boolean },
  actions: SwipeActions,
) {
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
    const side = x < 0 ? allowed().start : allowed().end
    moved.value = side && Math.abs(x) > START_DISTANCE ? x : 0
  })
  useEventListener(element, 'pointerup', (event) => {
    if (from?.id === event.pointerId && Math.abs(moved.value) >= ACTION_DISTANCE)
      (moved.value < 0 ? actions.start : actions.end)()
    reset()
  })
  // The browser handles the gesture as a scroll.
  useEventListener(element, 'pointercancel', reset)

  function reset() {
    from = null
    moved.value = 0
  }

  return { moved, far: computed(() => Math.abs(moved.value) >= ACTION_DISTANCE) }
}
