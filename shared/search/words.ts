import { fold } from './fold.ts'

export interface Word {
  folded: string
  /** Position in the text, in UTF-16 units. */
  start: number
  end: number
}

/** The words of a text: runs of letters and digits, like the tokens of the index at the edge. */
export function* words(text: string): Generator<Word> {
  for (const { 0: word, index } of text.matchAll(/[\p{L}\p{N}\p{Co}][\p{L}\p{N}\p{Co}\p{M}]*/gu))
    yield { folded: fold(word), start: index, end: index + word.length }
}
