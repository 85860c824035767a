import type { Usage } from '#shared/model/task.ts'

/** What a stage costs that does not ask a model. */
export const NO_USAGE: Usage = { costUsd: 0, inputTokens: 0, outputTokens: 0 }
