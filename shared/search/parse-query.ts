import { words } from './words.ts'

/** Longer input is a pasted text, not a question; its beginning finds it. Characters. */
export const MAX_QUERY_LENGTH = 500

/** More would cost without finding better. */
const MAX_TERMS = 16

/** Words that must stand side by side; one for what stands alone. The last may be the beginning of a word. */
export interface Term { words: string[], prefix: boolean }

/**
 * What a person typed, as terms: words, "phrases in quotes", and `begin*`. A last
 * word without a space behind it may still be in the making, so it counts as a
 * beginning. Nothing in it is syntax of the index, and nothing in it is wrong.
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
