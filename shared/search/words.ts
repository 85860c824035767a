import { fold } from './fold.ts'

export interface Word {
  folded: string
  /** Where it stands in the text, in UTF-16 units. */
  start: number
  end: number
}

/** The words of a text as the index at the edge cuts them: runs of letters and digits. */
export function* words(text: string): Generator<Word> {
  for (const { 0: word, index } of text.matchAll(/[\p{L}\p{N}\p{Co}][\p{L}\p{N}\p{Co}\p{M}]*/gu))
    yield { folded: fold(word), start: index, end: index + word.length }
}
