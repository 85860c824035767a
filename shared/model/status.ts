import * as z from 'zod'

/** Which model answers in the conversation. `demo` is said in the UI wherever a reply could be taken for Claude's. */
export const modelStatus = z.object({ id: z.string(), demo: z.boolean() })
export type ModelStatus = z.infer<typeof modelStatus>
export const MODEL_STATUS_KEY = 'status/model'

/** What is not configured: which actions will fail, and what to do about it. */
export const problem = z.object({ what: z.string().max(500), how: z.string().max(500) })
export type Problem = z.infer<typeof problem>

/** Whether a runner is connected, since when, and what it lacks. */
export const runnerStatus = z.object({
  online: z.boolean(),
  since: z.number(),
  executor: z.string().max(50),
  problems: z.array(problem).max(20),
})
export type RunnerStatus = z.infer<typeof runnerStatus>
export const RUNNER_STATUS_KEY = 'status/runner'
