import * as z from 'zod'
import { taskId } from '../model/task.ts'
import { row } from './replicache.ts'

const snippet = z.array(z.object({ text: z.string(), hit: z.boolean() }))
const at = z.number()

/** Something found, with the words around it. */
export const searchHit = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('message'),
    at,
    sequence: z.number().int(),
    who: z.enum(['person', 'claude', 'task']),
    snippet,
  }),
  /** Its title, brief or plan. */
  z.object({ kind: z.literal('task'), at, task: taskId, title: z.string(), snippet }),
  z.object({ kind: z.literal('note'), at, note: z.string(), snippet }),
  z.object({ kind: z.literal('log'), at, task: taskId, title: z.string(), attempt: z.number().int(), snippet }),
])
export type SearchHit = z.infer<typeof searchHit>

/** As many as one looks through; better words find more than longer lists. */
export const MAX_HITS = 50

/** Three lines on a phone. Characters. */
export const SNIPPET_LENGTH = 160

/** Enough to see what it was about. Messages on each side. */
export const AROUND_EACH = 20

/** `GET /api/search?q=…`: any text is a query. */
export const searchQuery = z.object({ q: z.string().max(10_000).default('') })

/** The best first. */
export const searchAnswer = z.object({ hits: z.array(searchHit) })
export type SearchAnswer = z.infer<typeof searchAnswer>

/** `GET /api/messages?around=…`: the messages on both sides of a place, oldest first. */
export const aroundQuery = z.object({ around: z.coerce.number().int().positive() })
export const aroundAnswer = z.object({ rows: z.array(row) })
export type AroundAnswer = z.infer<typeof aroundAnswer>
