import type { SearchHit } from '#shared/protocol/search.ts'
import type { Term } from '#shared/search/parse-query.ts'
import type { SnippetPart } from '#shared/search/snippet.ts'
import * as z from 'zod'
import { unreachable } from '#shared/lib/unreachable.ts'
import { Refused } from '#shared/model/refusal.ts'
import { messageText } from '#shared/search/message-text.ts'
import { parseQuery } from '#shared/search/parse-query.ts'
import { bestMatchStart } from '#shared/search/snippet.ts'
import { untrusted } from '#shared/text/untrusted.ts'
import { partAt, partStarts } from '../text/text-parts.ts'
import { oldestMessages } from '../thread/read-messages.ts'
import { readHistory } from './read-history.ts'
import { search } from './search.ts'

export const searchHistoryInput = z.object({
  query: z
    .string()
    .max(2000)
    .optional()
    .describe('Words that were used, or "a phrase in quotes"; begin* finds beginnings. Not a question.'),
  around: z
    .number()
    .int()
    .positive()
    .optional()
    .describe('Instead of a query: the number of a message, to read it with what was said before and after it.'),
  part: z
    .number()
    .int()
    .positive()
    .optional()
    .describe('With around: reads this part of a long message, and nothing else.'),
  limit: z.number().int().min(1).max(30).optional().describe('How many places at most; 10 when left out.'),
})
export type SearchHistoryInput = z.infer<typeof searchHistoryInput>

const DEFAULT_LIMIT = 10

/** Enough for the model to judge a hit. Characters. */
const SNIPPET_LENGTH = 400

/** Searches messages, plans, logs and notes; the hits are lines for a model. */
export function searchHistory(
  sql: SqlStorage,
  { query = '', around, part, limit = DEFAULT_LIMIT }: SearchHistoryInput,
): string {
  if (around !== undefined)
    return readHistory(sql, around, part)
  if (query.trim() === '')
    throw new Refused('invalid', 'Give a query of a few words, or the number of a message to read around.')
  const hits = search(sql, query, { limit, length: SNIPPET_LENGTH })
  if (hits.length === 0)
    return 'Nothing was found. Try fewer or other words: names, numbers, or the beginning of a word with * behind it.'
  const terms = parseQuery(query)
  return hits.map(hit => line(hit, hit.kind === 'message' ? whichPart(sql, hit.sequence, terms) : '')).join('\n\n')
}

/** The part of a long message that has the best match. */
function whichPart(sql: SqlStorage, sequence: number, terms: readonly Term[]): string {
  const text = [...oldestMessages(sql, { after: sequence - 1, through: sequence })]
    .map(({ message }) => messageText(message))
    .join('')
  const parts = partStarts(text).length
  return parts === 1 ? '' : `, part ${partAt(text, bestMatchStart(text, terms, SNIPPET_LENGTH))} of ${parts}`
}

function line(hit: SearchHit, part: string): string {
  const day = new Date(hit.at).toISOString().slice(0, 16).replace('T', ' ')
  const text = plain(hit.snippet)
  switch (hit.kind) {
    case 'message': {
      const place = `Message ${hit.sequence}${part}, ${day}, ${WHO[hit.who]}:`
      return hit.who === 'task' ? `${place}\n${untrusted('task event', text)}` : `${place} ${text}`
    }
    case 'note':
      return `Note ${hit.note}, ${day}: ${text}`
    case 'task':
      return `Task ${hit.task} "${hit.title}", ${day}:\n${untrusted('task', text)}`
    case 'log':
      return `Log of task ${hit.task} "${hit.title}", attempt ${hit.attempt}, ${day}:\n${untrusted('log', text)}`
    default:
      return unreachable(hit)
  }
}

const WHO = { person: 'the person', claude: 'you', task: 'a task event' } as const

function plain(parts: readonly SnippetPart[]): string {
  return parts.map(({ text }) => text).join('')
}
