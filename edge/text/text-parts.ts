import { tokensOf } from './count-tokens.ts'
import { PART_TOKENS } from './token-budgets.ts'

/** Where the pieces of a long text begin, so that each can be read in one answer of a tool; 0 alone for a short one. */
export function partStarts(text: string): number[] {
  const starts = [0]
  // Added up as `countTokens` does, so that both round alike.
  let used = 0
  for (let at = 0; at < text.length; at++) {
    used += tokensOf(text.charCodeAt(at))
    if (used <= PART_TOKENS)
      continue
    // Not between the two halves of a character.
    const start = isLowHalf(text.charCodeAt(at)) ? at - 1 : at
    starts.push(start)
    at = start
    used = tokensOf(text.charCodeAt(start))
  }
  return starts
}

/** The piece with this number, from 1; undefined when there is none. */
export function readPart(text: string, part: number): string | undefined {
  const starts = partStarts(text)
  const start = starts[part - 1]
  return start === undefined ? undefined : text.slice(start, starts[part])
}

/** The number of the piece that holds this place. */
export function partAt(text: string, at: number): number {
  return partStarts(text).filter(start => start <= at).length
}

function isLowHalf(unit: number): boolean {
  return unit >= 0xDC00 && unit <= 0xDFFF
}
