import * as z from 'zod'
import { taskId } from '../model/task.ts'
import { row } from './replicache.ts'

const snippet = z.array(z.object({ text: z.string(), hit: z.boolean() }))
const at = z.number()

/** A hit with the text around it. */
export const searchHit = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('message'),
    at,
    sequence: z.number().int(),
    who: z.enum(['person', 'claude', 'task']),
    snippet,
  }),
  /** The hit is in the title, brief or plan. */
  z.object({ kind: z.literal('task'), at, task: taskId, title: z.string(), snippet }),
  z.object({ kind: z.literal('note'), at, note: z.string(), snippet }),
  z.object({ kind: z.literal('log'), at, task: taskId, title: z.string(), attempt: z.number().int(), snippet }),
])
export type SearchHit = z.infer<typeof searchHit>

/** A person hardly reads on; better words help more than a longer list. */
export const MAX_HITS = 50

/** About three lines on a phone. Characters. */
export const SNIPPET_LENGTH = 160

/** Enough context to understand a message. Messages on each side. */
export const AROUND_EACH = 20

/** `GET /api/search?q=…`: any text is a valid query. */
export const searchQuery = z.object({ q: z.string().max(10_000).default('') })

/** Best hits first. */
export const searchAnswer = z.object({ hits: z.array(searchHit) })
export type SearchAnswer = z.infer<typeof searchAnswer>

/** `GET /api/messages?around=…`: the messages around a sequence number, oldest first. */
export const aroundQuery = z.object({ around: z.coerce.number().int().positive() })
export const aroundAnswer = z.object({ rows: z.array(row) })
export type AroundAnswer = z.infer<typeof aroundAnswer>
