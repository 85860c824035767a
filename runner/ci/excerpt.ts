import { isCleanUp, logSteps } from './log-steps.ts'

/** Most tools print one of these when something fails. */
const FAILURE_LINE
  = /(?:errors?|exceptions?)\b|\b(?:fail(?:ed|s|ure|ing)?|fatal|panic(?:ked)?|traceback|assert\w*|expected|received|undefined|cannot|not ok|not found|denied|timed out|killed)\b|[✗✕✖×]|\bERR!/i

/** Context for the top of a stack and the code frame that most tools print. Lines. */
const LINES_BEFORE = 2
const LINES_AFTER = 6

/** The last lines of a step, which show how it ended with any tool. */
const TAIL_LINES = 30

/** The failing steps of a job's log in at most `limit` characters. Of long steps it keeps lines that name an error. */
export function excerpt(log: readonly string[], limit: number): string {
  const all = logSteps(log)
  const failed = all.filter(step => step.failed)
  // A job that was killed from outside has no failed step, so its last step is shown.
  const chosen
    = failed.length > 0
      ? failed
      : all.filter(({ heading, lines }) => !isCleanUp(heading) && lines.some(Boolean)).slice(-1)
  const share = Math.floor(limit / Math.max(chosen.length, 1))
  return chosen.map(({ heading, lines }) => clip(heading, lines, share)).join('\n').slice(0, limit)
}

function clip(heading: string, lines: readonly string[], limit: number): string {
  const head = `> ${heading}\n`
  const whole = head + lines.join('\n')
  return whole.length <= limit ? whole : head + pick(lines, limit - head.length)
}

/** Keeps the most relevant lines within the limit, in their order, with the gaps marked. */
function pick(lines: readonly string[], limit: number): string {
  const kept = new Set<number>()
  let left = limit - GAP_LENGTH
  for (const index of byRelevance(lines)) {
    if (kept.has(index))
      continue
    // A line without kept neighbours splits a gap in two, which needs another marker.
    const gapCost = kept.has(index - 1) || kept.has(index + 1) ? 0 : GAP_LENGTH
    const cost = (lines[index] ?? '').length + 1 + gapCost
    if (cost > left)
      break
    kept.add(index)
    left -= cost
  }
  return render(lines, kept)
}

/** The end first, then errors with their context from the first on: later ones often follow from it. */
function* byRelevance(lines: readonly string[]): Generator<number> {
  const last = lines.length - 1
  yield* range(last, last - TAIL_LINES + 1, last)
  for (const [index, line] of lines.entries()) {
    if (FAILURE_LINE.test(line))
      yield* range(index - LINES_BEFORE, index + LINES_AFTER, last)
  }
  yield* range(last, 0, last)
}

/** Counts up or down, leaving out numbers below 0 and above `last`. */
function* range(from: number, to: number, last: number): Generator<number> {
  const step = from <= to ? 1 : -1
  for (let index = from; index !== to + step; index += step) {
    if (index >= 0 && index <= last)
      yield index
  }
}

/** `… 123456 lines …` with its newline. Characters. */
const GAP_LENGTH = 18

function render(lines: readonly string[], kept: ReadonlySet<number>): string {
  const out: string[] = []
  let gap = 0
  lines.forEach((line, index) => {
    if (!kept.has(index)) {
      gap++
      return
    }
    if (gap > 0)
      out.push(`… ${gap} lines …`)
    gap = 0
    out.push(line)
  })
  if (gap > 0)
    out.push(`… ${gap} lines …`)
  return out.join('\n')
}
