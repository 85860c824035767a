import { isCleanUp, steps } from './steps.ts'

/** What goes wrong reads like this in most tools. */
const TELLING
  = /(?:errors?|exceptions?)\b|\b(?:fail(?:ed|s|ure|ing)?|fatal|panic(?:ked)?|traceback|assert\w*|expected|received|undefined|cannot|not ok|not found|denied|timed out|killed)\b|[✗✕✖×]|\bERR!/i

/** Enough to see a stack's top and the code frame that most tools print. Lines. */
const BEFORE = 2
const AFTER = 6

/** The end of a step says how it ended, whatever the tool. Lines. */
const TAIL = 30

/**
 * The failing part of a job's log in at most `limit` characters: the failing
 * steps, and of long ones the lines around what reads like the reason.
 */
export function excerpt(log: readonly string[], limit: number): string {
  const all = steps(log)
  const failed = all.filter(step => step.failed)
  // A job killed from outside marks no step; what it did last is the best there is.
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

/** Lines by how much they tell, within the limit, in their order, with the gaps marked. */
function pick(lines: readonly string[], limit: number): string {
  const kept = new Set<number>()
  let left = limit - GAP_LENGTH
  for (const index of byWorth(lines)) {
    if (kept.has(index))
      continue
    // A line on its own splits a gap in two.
    const mark = kept.has(index - 1) || kept.has(index + 1) ? 0 : GAP_LENGTH
    const cost = (lines[index] ?? '').length + 1 + mark
    if (cost > left)
      break
    kept.add(index)
    left -= cost
  }
  return render(lines, kept)
}

/** The end first, then the surroundings of telling lines from the first one on: later failures often follow from it. */
function* byWorth(lines: readonly string[]): Generator<number> {
  const last = lines.length - 1
  yield* range(last, last - TAIL + 1, last)
  for (const [index, line] of lines.entries()) {
    if (TELLING.test(line))
      yield* range(index - BEFORE, index + AFTER, last)
  }
  yield* range(last, 0, last)
}

/** From one to the other, up or down, between 0 and `last`. */
function* range(from: number, to: number, last: number): Generator<number> {
  const step = from <= to ? 1 : -1
  for (let index = from; index !== to + step; index += step) {
    if (index >= 0 && index <= last)
      yield index
  }
}

/** `… 123456 lines …` and its line end. Characters. */
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
