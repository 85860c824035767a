import * as z from 'zod'
import { text, time } from '../model/bounded.ts'

export const stage = z.enum(['checkout', 'agent', 'publish', 'runner'])
export type Stage = z.infer<typeof stage>

/** Longer lines are cut and marked as cut. Characters. */
export const MAX_LOG_LINE_LENGTH = 4000

/** A line of an attempt's log. `n` counts from 1 within the attempt, so that a line sent twice is stored once. */
export const logLine = z.object({
  attempt: z.number().int().positive(),
  n: z.number().int().positive(),
  at: time,
  stage,
  /** `tool` is a tool call made readable, `say` is the agent's own text. */
  kind: z.enum(['info', 'say', 'tool', 'error']),
  text: text(MAX_LOG_LINE_LENGTH),
})
export type LogLine = z.infer<typeof logLine>

/** Maximum number of lines in one response of `/api/tasks/<id>/log`. */
export const MAX_LOG_PAGE = 2000

/** `GET /api/tasks/<id>/log`: the newest lines of all attempts, or the lines of `attempt` after `after`. */
export const logQuery = z.object({
  attempt: z.coerce.number().int().positive().optional(),
  after: z.coerce.number().int().nonnegative().default(0),
})
export type LogQuery = z.infer<typeof logQuery>

/** Lines in order; `more` when older lines (without `attempt`) or later lines (with it) are left out. */
export const logPage = z.object({ lines: z.array(logLine), more: z.boolean() })
export type LogPage = z.infer<typeof logPage>
