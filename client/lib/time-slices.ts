/** As many as are read well within a frame. Rows. */
const SLICE_ROWS = 500

/**
 * Applies what is given in its order, the first slice at once and one
 * more after each pause, so that nothing keeps the page from drawing.
 */
export function inTimeSlices<T>(
  apply: (items: readonly T[]) => void,
  pause: () => Promise<void>,
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
        await pause()
    }
    busy = false
  }

  return (items) => {
    waiting = [...waiting, ...items]
    if (!busy)
      void run()
  }
}
