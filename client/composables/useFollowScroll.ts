import type { ShallowRef } from 'vue'
import { useEventListener, useResizeObserver } from '@vueuse/core'
import { nextTick, ref, shallowRef } from 'vue'

/** A smaller distance counts as the end, because a thumb is not exact. CSS pixels. */
const NEAR_END = 80

/** The distances from the visible part to both ends of the drawn part. CSS pixels. */
export interface ScrollDistance { above: number, below: number }

/**
 * Follows the end of a list while the reader is at it; otherwise keeps
 * their position. `isAtNewest`: the drawn part reaches the end of the list.
 */
export function useFollowScroll(
  scroller: Readonly<ShallowRef<HTMLElement | null>>,
  content: Readonly<ShallowRef<HTMLElement | null>>,
  isAtNewest: () => boolean = () => true,
) {
  const atEnd = ref(true)
  const distance = shallowRef<ScrollDistance>({ above: 0, below: 0 })
  let last = 0

  useEventListener(scroller, 'scroll', onScroll, { passive: true })
  useResizeObserver([scroller, content], () => {
    if (atEnd.value && isAtNewest())
      toEnd('instant')
  })

  function onScroll() {
    if (scroller.value)
      update(scroller.value)
  }

  function update({ scrollHeight, scrollTop, clientHeight }: HTMLElement) {
    const below = scrollHeight - scrollTop - clientHeight
    // Content that grew below does not move the reader away from the end; only scrolling up does.
    if (below < NEAR_END)
      atEnd.value = true
    else if (scrollTop < last)
      atEnd.value = false
    last = scrollTop
    distance.value = { above: scrollTop, below }
  }

  function toEnd(behavior: ScrollBehavior = 'smooth') {
    const element = scroller.value
    if (behavior === 'instant')
      atEnd.value = true
    element?.scrollTo({ top: element.scrollHeight, behavior })
  }

  /** Changes the drawn part and keeps the first visible element in its place. */
  async function keepPosition(change: () => void) {
    const element = scroller.value
    const anchor = element && content.value && firstVisible(element, content.value)
    const before = anchor?.getBoundingClientRect().top ?? 0
    change()
    await nextTick()
    if (!element || !anchor?.isConnected)
      return
    last = element.scrollTop + anchor.getBoundingClientRect().top - before
    element.scrollTop = last
    update(element)
  }

  return { atEnd, distance, toEnd, keepPosition }
}

/** Binary search for the first visible child; the children are in order. */
function firstVisible(scroller: HTMLElement, { children }: HTMLElement): Element | undefined {
  const { top } = scroller.getBoundingClientRect()
  let low = 0
  let high = children.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((children[middle]?.getBoundingClientRect().bottom ?? top) <= top)
      low = middle + 1
    else
      high = middle
  }
  return children[low]
}
