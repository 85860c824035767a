import type { Page } from 'playwright-core'
import { must } from '#shared/lib/must.ts'

export interface LayoutStability {
  /** What the browser says moved without being scrolled, in all. */
  shift: number
  /** The most that what is read moved on the screen, in CSS pixels. */
  moved: number
  /** The furthest the end of the thread was below what is shown when the text had grown, in CSS pixels. */
  behind: number
  frames: number
}

declare global {
  interface Window { reading?: { seen: LayoutStability, stop: () => void } }
}

/** Looks at the thread with every frame from now on: at what is topmost there, and at its end. */
export async function measureLayoutStability(page: Page): Promise<() => Promise<LayoutStability>> {
  await page.evaluate(() => {
    const content = document.querySelector('[role=log]')
    const scroller = content?.parentElement
    if (!content || !scroller)
      throw new Error('the page has no thread')
    const seen = { shift: 0, moved: 0, behind: 0, frames: 0 }
    const { top } = scroller.getBoundingClientRect()
    const read = [...content.children].find(child => child.getBoundingClientRect().bottom > top)
    const place = read?.getBoundingClientRect().top ?? 0
    const shifts = new PerformanceObserver(list =>
      list.getEntries().forEach(entry => void (seen.shift += (entry as PerformanceEntry & { value: number }).value)),
    )
    shifts.observe({ type: 'layout-shift' })
    // After the page's own observer, which was there first: what it shows is what will be drawn.
    const growth = new ResizeObserver(() => void (seen.behind = Math.max(seen.behind, scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight)))
    growth.observe(content)
    let frame = requestAnimationFrame(function onFrame() {
      seen.frames += 1
      seen.moved = Math.max(seen.moved, Math.abs((read?.getBoundingClientRect().top ?? 0) - place))
      frame = requestAnimationFrame(onFrame)
    })
    window.reading = {
      seen,
      stop() {
        shifts.disconnect()
        growth.disconnect()
        cancelAnimationFrame(frame)
      },
    }
  })
  return async () => must(await page.evaluate(() => {
    window.reading?.stop()
    return window.reading?.seen
  }), 'what was seen of the thread')
}
