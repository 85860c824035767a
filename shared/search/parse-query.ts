import { words } from './words.ts'

/** Longer input is a pasted text; its beginning is enough to find it. Characters. */
export const MAX_QUERY_LENGTH = 500

/** More terms would cost time without better hits. */
const MAX_TERMS = 16

/** Words that must be adjacent, or a single word. With `prefix` the last may be the beginning of a word. */
export interface Term { words: string[], prefix: boolean }

/**
 * Parses a person's input into terms: words, "phrases in quotes" and `prefix*`. The last word without a space after
 * it counts as a prefix, because the person may still be typing. No input is an error or reaches the index as syntax.
 */
export function parseQuery(input: string): Term[] {
  const text = input.slice(0, MAX_QUERY_LENGTH)
  return [...text.matchAll(/"([^"]*)("?)|([^\s"]+)/g)]
    .flatMap(({ 0: all, 1: phrase, 2: closing, 3: word, index }): Term[] => {
      const folded = [...words(phrase ?? word ?? '')].map(({ folded }) => folded)
      if (folded.length === 0)
        return []
      const open = index + all.length === text.length && closing !== '"'
      return [{ words: folded, prefix: open || word?.endsWith('*') === true }]
    })
    .slice(0, MAX_TERMS)
}
