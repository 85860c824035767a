import type { Usage } from '#shared/model/task.ts'

/** The usage of a stage that sends no request to a model. */
export const NO_USAGE: Usage = { costUsd: 0, inputTokens: 0, outputTokens: 0 }
