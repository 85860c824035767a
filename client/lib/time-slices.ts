/** Number of rows that are parsed well within a frame. */
const SLICE_ROWS = 500

/**
 * Applies items in order: the first slice at once, and one more
 * after each `yieldToPage`, so that the page can draw in between.
 */
export function inTimeSlices<T>(
  apply: (items: readonly T[]) => void,
  yieldToPage: () => Promise<void>,
): (items: readonly T[]) => void {
  let waiting: readonly T[] = []
  let busy = false

  async function run() {
    busy = true
    while (waiting.length > 0) {
      const slice = waiting.slice(0, SLICE_ROWS)
      waiting = waiting.slice(SLICE_ROWS)
      apply(slice)
      if (waiting.length > 0)
        await yieldToPage()
    }
    busy = false
  }

  return (items) => {
    waiting = [...waiting, ...items]
    if (!busy)
      void run()
  }
}
