import type { Page } from 'playwright-core'
import { must } from '#shared/lib/must.ts'

export interface LayoutStability {
  /** The sum of the browser's `layout-shift` values. */
  shift: number
  /** CSS pixels: the most that the topmost message moved on the screen. */
  moved: number
  /** CSS pixels: the most by which the end of the thread was below the visible part after the text had grown. */
  behind: number
  frames: number
}

declare global {
  interface Window { layoutStability?: { measured: LayoutStability, stop: () => void } }
}

/** Begins to measure the thread in every frame. Resolves to a function that stops this and returns the result. */
export async function measureLayoutStability(page: Page): Promise<() => Promise<LayoutStability>> {
  await page.evaluate(() => {
    const content = document.querySelector('[role=log]')
    const scroller = content?.parentElement
    if (!content || !scroller)
      throw new Error('the page has no thread')
    const measured = { shift: 0, moved: 0, behind: 0, frames: 0 }
    const { top } = scroller.getBoundingClientRect()
    const topmost = [...content.children].find(child => child.getBoundingClientRect().bottom > top)
    const initialTop = topmost?.getBoundingClientRect().top ?? 0
    const shifts = new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        measured.shift += (entry as PerformanceEntry & { value: number }).value
    })
    shifts.observe({ type: 'layout-shift' })
    // It runs after the page's own observer, which is older and scrolls, so it measures the position that will be drawn.
    const growth = new ResizeObserver(() => {
      measured.behind = Math.max(measured.behind, scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight)
    })
    growth.observe(content)
    let frame = requestAnimationFrame(function onFrame() {
      measured.frames += 1
      measured.moved = Math.max(measured.moved, Math.abs((topmost?.getBoundingClientRect().top ?? 0) - initialTop))
      frame = requestAnimationFrame(onFrame)
    })
    window.layoutStability = {
      measured,
      stop() {
        shifts.disconnect()
        growth.disconnect()
        cancelAnimationFrame(frame)
      },
    }
  })
  return async () => must(await page.evaluate(() => {
    window.layoutStability?.stop()
    return window.layoutStability?.measured
  }), 'a measurement in the page')
}
