import * as z from 'zod'
import { attemptResult } from '#shared/model/task-event.ts'
import { logLine } from '#shared/protocol/log.ts'

/** A line that a stage prints in a pod. Of the agent only log lines count: its commands share its output. */
export const podLine = z.discriminatedUnion('type', [
  logLine.pick({ at: true, kind: true, text: true }).extend({ type: z.literal('log') }),
  /** The last line of the stage that ends the attempt. */
  z.object({ type: z.literal('result'), result: attemptResult }),
])
export type PodLine = z.infer<typeof podLine>

/** The exit code of a checkout that ended the attempt on purpose; a pod starts the agent only after a zero. */
export const EXIT_WITH_RESULT = 3
