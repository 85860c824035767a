/** Below this a clock says more about the machine than about what it measures. */
const RESOLUTION_MS = 0.5
const CHARACTERS = 8_000
const TIMES = 8
const RUNS = 5

/**
 * How many times longer a reader takes for eight times the text, the seed over and over: about 8 where the time is linear in its length, 64 where
 * it is quadratic. The best of several runs on either side, so that a busy machine changes nothing.
 */
export function growth(read: (text: string) => unknown, seed: string): number {
  const best = (text: string): number => Math.min(...Array.from({ length: RUNS }, () => {
    const begun = performance.now()
    read(text)
    return performance.now() - begun
  }))
  const short = seed.repeat(Math.ceil(CHARACTERS / seed.length))
  return best(short.repeat(TIMES)) / Math.max(best(short), RESOLUTION_MS)
}

/** Between what is linear and what is quadratic. */
export const LINEAR = 24
