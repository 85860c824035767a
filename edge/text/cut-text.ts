import { countTokens, tokensOf } from './count-tokens.ts'

/** The beginning has the subject, the end the outcome. */
const HEAD_SHARE = 2 / 3

/** The note in the middle. Tokens. */
const NOTE_TOKENS = 50

/** The cut part: positions of its first and last UTF-16 unit. */
export interface Gap { first: number, last: number }

/**
 * The text within `tokens`: whole, or its beginning and its end with a
 * note between them. `how` adds to the note how to read the cut part.
 */
export function cutText(text: string, tokens: number, how: (gap: Gap) => string = () => ''): string {
  if (countTokens(text) <= tokens)
    return text
  const room = Math.max(0, tokens - NOTE_TOKENS)
  const head = text.slice(0, unitsWithin(room * HEAD_SHARE, text.length, n => text.charCodeAt(n)))
  const tail = text.slice(
    text.length - unitsWithin(room * (1 - HEAD_SHARE), text.length, n => text.charCodeAt(text.length - 1 - n)),
  )
  const gap = { first: head.length, last: text.length - tail.length - 1 }
  const left = (gap.last - gap.first + 1).toLocaleString('en')
  // A cut may split a surrogate pair.
  return `${head.toWellFormed()}\n[… ${left} characters are left out here${how(gap)} …]\n${tail.toWellFormed()}`
}

function unitsWithin(tokens: number, length: number, unit: (n: number) => number): number {
  let left = tokens
  for (let n = 0; n < length; n++) {
    left -= tokensOf(unit(n))
    if (left < 0)
      return n
  }
  return length
}
