import * as z from 'zod'
import { MAX_VALUE_BYTES } from '#shared/model/limits.ts'
import { cutTo } from '#shared/text/cut-to.ts'
import { fitsIn } from '../text/fits-in.ts'

/** JSON takes at most six bytes for a character, so a refusal with this much text fits into a row. Characters. */
const MAX_KEPT_LENGTH = Math.floor(MAX_VALUE_BYTES / 6) - 1000

/** Extracts the person's text from a mutation, even from one that is invalid otherwise; null when it has none. */
export function extractPersonText(mutation: string, args: unknown): { words: string | null, cut: boolean } {
  const words = textOf(mutation, args)?.toWellFormed() ?? null
  if (words === null || fits(words))
    return { words, cut: false }
  return { words: cutTo(words, MAX_KEPT_LENGTH), cut: true }
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
      // The name comes from the wire and may be anything; other mutations carry no text.
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
