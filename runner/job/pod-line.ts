import * as z from 'zod'
import { attemptResult } from '#shared/model/task-event.ts'
import { logLine } from '#shared/protocol/log.ts'

/**
 * The lines a stage prints in a pod. The agent's are believed
 * to be log lines only: it shares its output with what it runs.
 */
export const podLine = z.discriminatedUnion('type', [
  logLine.pick({ at: true, kind: true, text: true }).extend({ type: z.literal('log') }),
  /** The last line of the stage that ends the attempt. */
  z.object({ type: z.literal('result'), result: attemptResult }),
])
export type PodLine = z.infer<typeof podLine>

/** A checkout that ends the attempt: the pod must not go on to the agent, and this was no accident. */
export const EXIT_WITH_RESULT = 3
