/** A shorter time says more about the machine than about the reader. */
const RESOLUTION_MS = 0.5
const CHARACTERS = 8_000
const TIMES = 8
/** A busy machine spoils some runs, but not all of them. */
const RUNS = { atLeast: 10, atMost: 100 }

/** The bound between linear growth, which is about 8 here, and quadratic growth, which is 64. */
export const LINEAR = 24

/**
 * The ratio of a reader's times for eight times the text and the text itself, which repeats the seed. The best of several runs counts on
 * either side, with more runs as long as the ratio does not look linear.
 */
export function readerGrowth(read: (text: string) => unknown, seed: string): number {
  const short = seed.repeat(Math.ceil(CHARACTERS / seed.length))
  const long = short.repeat(TIMES)
  const best = { short: Infinity, long: Infinity }
  const ratio = () => best.long / Math.max(best.short, RESOLUTION_MS)
  for (let run = 0; run < RUNS.atLeast || (run < RUNS.atMost && ratio() >= LINEAR); run += 1) {
    best.short = Math.min(best.short, timed(read, short))
    best.long = Math.min(best.long, timed(read, long))
  }
  return ratio()
}

function timed(read: (text: string) => unknown, text: string): number {
  const begun = performance.now()
  read(text)
  return performance.now() - begun
}
