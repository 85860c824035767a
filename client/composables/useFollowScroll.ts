import type { ShallowRef } from 'vue'
import { useEventListener, useResizeObserver } from '@vueuse/core'
import { nextTick, ref, shallowRef } from 'vue'

/** Closer to the end than this is at the end: a thumb is not exact. CSS pixels. */
const NEAR_END = 80

/** How far what is shown is from both ends of what is drawn. CSS pixels. */
export interface ScrollDistance { above: number, below: number }

/**
 * Follows the end of a list while the reader is there, else
 * keeps their position. `whole`: the list is drawn to its end.
 */
export function useFollowScroll(
  scroller: Readonly<ShallowRef<HTMLElement | null>>,
  content: Readonly<ShallowRef<HTMLElement | null>>,
  whole: () => boolean = () => true,
) {
  const atEnd = ref(true)
  const distance = shallowRef<ScrollDistance>({ above: 0, below: 0 })
  let last = 0

  useEventListener(
    scroller,
    'scroll',
    () => {
      const element = scroller.value
      if (element)
        update(element)
    },
    { passive: true },
  )
  useResizeObserver([scroller, content], () => {
    if (atEnd.value && whole())
      toEnd('instant')
  })

  function update({ scrollHeight, scrollTop, clientHeight }: HTMLElement) {
    const below = scrollHeight - scrollTop - clientHeight
    // What grew below since our own scrolling does not mean that the reader left the end; only going up does.
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

  /** Runs a change of what is drawn, and keeps what is read in its place. */
  async function keepPosition(change: () => void) {
    const element = scroller.value
    const read = element && content.value && firstShown(element, content.value)
    const before = read?.getBoundingClientRect().top ?? 0
    change()
    await nextTick()
    if (!element || !read?.isConnected)
      return
    last = element.scrollTop + read.getBoundingClientRect().top - before
    element.scrollTop = last
    update(element)
  }

  return { atEnd, distance, toEnd, keepPosition }
}

/** Children stand in order, so the first one that reaches into view is found by halving. */
function firstShown(scroller: HTMLElement, { children }: HTMLElement): Element | undefined {
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
