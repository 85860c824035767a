import * as z from 'zod'
import { text, time } from './bounded.ts'

/** The model of the conversation. The UI says `demo` wherever a reply could be taken for Claude's. */
export const modelStatus = z.object({ id: text(200), demo: z.boolean() })
export type ModelStatus = z.infer<typeof modelStatus>
export const MODEL_STATUS_KEY = 'status/model'

/** A missing configuration: `what` will fail, and `how` to mend it. */
export const problem = z.object({ what: text(500), how: text(500) })
export type Problem = z.infer<typeof problem>

/** The connection of the runner and its configuration problems. */
export const runnerStatus = z.object({
  online: z.boolean(),
  since: time,
  executor: text(50),
  problems: z.array(problem).max(20),
})
export type RunnerStatus = z.infer<typeof runnerStatus>
export const RUNNER_STATUS_KEY = 'status/runner'
