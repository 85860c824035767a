import { tokensOf } from './count-tokens.ts'
import { PART_TOKENS } from './token-budgets.ts'

/** The starts of the parts of a text, each of which fits into one tool result; `[0]` for a short text. */
export function partStarts(text: string): number[] {
  const starts = [0]
  // Summed in the same order as in `countTokens`, so that both round alike.
  let used = 0
  for (let at = 0; at < text.length; at++) {
    used += tokensOf(text.charCodeAt(at))
    if (used <= PART_TOKENS)
      continue
    // A part does not begin within a surrogate pair.
    const start = isLowHalf(text.charCodeAt(at)) ? at - 1 : at
    starts.push(start)
    at = start
    used = tokensOf(text.charCodeAt(start))
  }
  return starts
}

/** The part with this number, counted from 1; undefined when there is none. */
export function readPart(text: string, part: number): string | undefined {
  const starts = partStarts(text)
  const start = starts[part - 1]
  return start === undefined ? undefined : text.slice(start, starts[part])
}

/** The number of the part that has this position. */
export function partAt(text: string, at: number): number {
  return partStarts(text).filter(start => start <= at).length
}

function isLowHalf(unit: number): boolean {
  return unit >= 0xDC00 && unit <= 0xDFFF
}
