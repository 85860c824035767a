import * as z from 'zod'
import { attemptResult } from '#shared/model/task-event.ts'
import { logLine } from '#shared/protocol/log.ts'

/** A line that a stage prints in a pod. The agent's count as log lines only: its commands can print to the same output. */
export const podLine = z.discriminatedUnion('type', [
  logLine.pick({ at: true, kind: true, text: true }).extend({ type: z.literal('log') }),
  /** The last line of the stage that ends the attempt. */
  z.object({ type: z.literal('result'), result: attemptResult }),
])
export type PodLine = z.infer<typeof podLine>

/** The exit code of a checkout that ended the attempt on purpose. A non-zero code keeps the pod from starting the agent. */
export const EXIT_WITH_RESULT = 3
