import type { AroundAnswer, SearchAnswer } from '#shared/protocol/search.ts'
import { AROUND_EACH, MAX_HITS, SNIPPET_LENGTH } from '#shared/protocol/search.ts'
import { messagesAround } from './messages-around.ts'
import { search } from './search.ts'

export function answerSearch(sql: SqlStorage, query: string): Response {
  return Response.json({ hits: search(sql, query, { limit: MAX_HITS, length: SNIPPET_LENGTH }) } satisfies SearchAnswer)
}

export function answerAround(sql: SqlStorage, sequence: number): Response {
  return Response.json({ rows: messagesAround(sql, sequence, AROUND_EACH) } satisfies AroundAnswer)
}
