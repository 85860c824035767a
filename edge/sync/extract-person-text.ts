import * as z from 'zod'
import { MAX_VALUE_BYTES } from '#shared/model/limits.ts'
import { fitsIn } from '../text/fits-in.ts'

/** At most six bytes a character in JSON, so that a refusal with its words always fits into a row. Characters. */
const MAX_KEPT_LENGTH = Math.floor(MAX_VALUE_BYTES / 6) - 1000

/** What the person wrote in a change, however wrong the rest of it is; null when there are no words in it. */
export function extractPersonText(mutation: string, args: unknown): { words: string | null, cut: boolean } {
  const words = textOf(mutation, args)
  if (words === null || fits(words))
    return { words, cut: false }
  return { words: words.slice(0, MAX_KEPT_LENGTH), cut: true }
}

function textOf(mutation: string, args: unknown): string | null {
  switch (mutation) {
    case 'sendMessage':
    case 'addNote':
    case 'editNote':
      return sent.safeParse(args).data?.text ?? null
    case 'decideTask':
      return decided.safeParse(args).data ?? null
    default:
      // A name from the wire, not a union of ours: any other change carries no words.
      return null
  }
}

function fits(words: string): boolean {
  return words.length <= MAX_KEPT_LENGTH || fitsIn(JSON.stringify(words), MAX_VALUE_BYTES - 10_000)
}

const sent = z.object({ text: z.string() })

const decided = z.union([
  z.object({ event: z.object({ words: z.string() }) }).transform(({ event }) => event.words),
  z
    .object({ event: z.object({ answers: z.array(z.object({ text: z.string() })) }) })
    .transform(({ event }) => event.answers.map(({ text }) => text).join('\n\n')),
  z.object({ event: z.object({ edits: z.object({ brief: z.string() }) }) }).transform(({ event }) => event.edits.brief),
])
