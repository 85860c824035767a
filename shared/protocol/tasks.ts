import * as z from 'zod'
import { commitSha, task } from '../model/task.ts'

/** `GET /runner/tasks`: all tasks, newest first. */
export const taskList = z.object({ tasks: z.array(task) })

/** `POST /runner/tasks/<id>/decide`: the decisions that a terminal offers. */
export const taskDecision = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('cancel') }),
  z.object({ kind: z.literal('retry') }),
  z.object({ kind: z.literal('mark-ready'), expectedHead: commitSha }),
])
export type TaskDecision = z.infer<typeof taskDecision>

/** `refused`: the reason why nothing changed, or null. */
export const taskDecided = z.object({ refused: z.string().nullable() })
