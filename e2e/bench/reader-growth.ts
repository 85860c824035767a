/** Below this a clock says more about the machine than about what it measures. */
const RESOLUTION_MS = 0.5
const CHARACTERS = 8_000
const TIMES = 8
/** A machine that does other things too spoils some runs, not all of them. */
const RUNS = { atLeast: 10, atMost: 100 }

/** Between linear, which is about 8 here, and quadratic, which is 64. */
export const LINEAR = 24

/**
 * How many times longer a reader takes for eight times the text, the seed over and over. The best of several runs on either side counts, and
 * of more runs as long as it does not look linear.
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
