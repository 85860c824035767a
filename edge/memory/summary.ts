import * as z from 'zod'
import { countTokens } from '../text/count-tokens.ts'
import { cutText } from '../text/cut-text.ts'
import { SUMMARY_TOKENS } from './limits.ts'

const line = z.string().trim().min(1).max(4_000)
const lines = (what: string) => z.array(line).max(100).describe(what)

/** The summary of a span. Decisions, promises and open questions have own fields, so that folding keeps them. */
export const summary = z.object({
  decided: lines('What was decided, each with its reason when one was given.'),
  promised: lines('What the person or Claude promised or agreed to do, and who.'),
  open: lines('Questions without an answer, problems without a solution, work that is not finished.'),
  facts: lines(
    'What else was said or learned that may matter later: names, numbers, places, preferences, what was tried.',
  ),
})
export type Summary = z.infer<typeof summary>

/** In reading order; lines are dropped in the reverse order when there is no room. */
const PARTS = [
  ['decided', 'Decided'],
  ['promised', 'Promised'],
  ['open', 'Still open'],
  ['facts', 'Facts'],
] as const

/** A longer line would leave too little room for the others. Tokens. */
const LINE_TOKENS = 200

/** The summary as text for the model and the person. */
export function renderSummary(kept: Summary): string {
  return PARTS
    .filter(([part]) => kept[part].length > 0)
    .map(([part, title]) => [`${title}:`, ...kept[part].map(text => `- ${text}`)].join('\n'))
    .join('\n')
}

/** The summary within `tokens`: facts are dropped first, and older lines before newer ones. */
export function fitSummary(raw: Summary, tokens: number = SUMMARY_TOKENS): Summary {
  const cut = (texts: string[]) => texts.map(text => cutText(text, LINE_TOKENS))
  const kept: Summary = {
    decided: cut(raw.decided),
    promised: cut(raw.promised),
    open: cut(raw.open),
    facts: cut(raw.facts),
  }
  for (const [part] of PARTS.toReversed()) {
    while (kept[part].length > 0 && countTokens(renderSummary(kept)) > tokens)
      kept[part].shift()
  }
  return kept
}
