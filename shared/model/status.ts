import * as z from 'zod'

/** The model of the conversation. The UI says `demo` wherever a reply could be taken for Claude's. */
export const modelStatus = z.object({ id: z.string(), demo: z.boolean() })
export type ModelStatus = z.infer<typeof modelStatus>
export const MODEL_STATUS_KEY = 'status/model'

/** A missing configuration: `what` will fail, and `how` to mend it. */
export const problem = z.object({ what: z.string().max(500), how: z.string().max(500) })
export type Problem = z.infer<typeof problem>

/** The connection of the runner and its configuration problems. */
export const runnerStatus = z.object({
  online: z.boolean(),
  since: z.number(),
  executor: z.string().max(50),
  problems: z.array(problem).max(20),
})
export type RunnerStatus = z.infer<typeof runnerStatus>
export const RUNNER_STATUS_KEY = 'status/runner'
