import * as z from 'zod'
import { task } from '../model/task.ts'

/** `GET /runner/tasks`: all of them, the newest first. */
export const taskList = z.object({ tasks: z.array(task) })

/** `POST /runner/tasks/<id>/decide`: the decisions that need no screen. */
export const taskDecision = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('cancel') }),
  z.object({ kind: z.literal('retry') }),
])
export type TaskDecision = z.infer<typeof taskDecision>

/** Its answer: null, or why nothing changed. */
export const taskDecided = z.object({ refused: z.string().nullable() })
