import * as z from 'zod'
import { text } from '#shared/model/bounded.ts'
import { attemptResult } from '#shared/model/task-event.ts'
import { commitSha, usage } from '#shared/model/task.ts'
import { jobSpec } from './job-spec.ts'

/** The address of the git server and the token for it. */
export const gitAccess = z.object({ serverUrl: z.url(), token: z.string().nullable() })
export type GitAccess = z.infer<typeof gitAccess>

export const modelAccess = z.object({
  apiKey: z.string().nullable(),
  oauthToken: z.string().nullable(),
  baseUrl: z.string().nullable(),
})
export type ModelAccess = z.infer<typeof modelAccess>

/**
 * Passed to the worker by standard input: files, arguments and environments are readable by the agent.
 * `checkout` replaces `git` during checkout if there is a token with fewer permissions.
 */
export const workerSecrets = z.object({ git: gitAccess, checkout: gitAccess.optional(), model: modelAccess })
export type WorkerSecrets = z.infer<typeof workerSecrets>

export const checkedOut = z.object({
  outcome: z.literal('checked-out'),
  /** The commit that the agent starts from. */
  start: commitSha,
  /** Whether `start` is the tip of the task's branch. If not, the remote has no such branch yet. */
  onBranch: z.boolean(),
  /** The commit of the wip ref whose changes are in the workspace; null without one. */
  wip: commitSha.nullable(),
  /** The commit of the base that is being merged; it becomes the second parent of the published commit. */
  merging: commitSha.optional(),
})
export type CheckedOut = z.infer<typeof checkedOut>

const worked = z.object({ outcome: z.literal('worked'), summary: text(16_000), usage })
export type Worked = z.infer<typeof worked>

/** The wip ref has the agent's changes, or there was nothing to save, or saving failed and the log says why. */
const saved = z.object({ outcome: z.literal('saved') })

/** A stage ends with input for the next one, or with the result of the attempt. */
export const stageOutcome = z.discriminatedUnion('outcome', [checkedOut, worked, saved, ...attemptResult.options])
export type StageOutcome = z.infer<typeof stageOutcome>

/** The one line that a stage reads. A stage gets only the access it needs; no pushed file may hold a `modelSecrets`. */
export const stageInput = z.discriminatedUnion('stage', [
  z.object({ stage: z.literal('checkout'), folder: z.string(), spec: jobSpec, git: gitAccess }),
  z.object({ stage: z.literal('agent'), folder: z.string(), spec: jobSpec, model: modelAccess }),
  z.object({
    stage: z.literal('publish'),
    folder: z.string(),
    spec: jobSpec,
    git: gitAccess,
    from: checkedOut,
    work: worked,
    modelSecrets: z.array(z.string()),
  }),
  z.object({
    stage: z.literal('save-wip'),
    folder: z.string(),
    spec: jobSpec,
    git: gitAccess,
    from: checkedOut,
    modelSecrets: z.array(z.string()),
  }),
])
export type StageInput = z.infer<typeof stageInput>
export type InputOf<S extends StageInput['stage']> = Extract<StageInput, { stage: S }>

/** A line that a stage prints. */
export const stageLine = z.discriminatedUnion('type', [
  z.object({ type: z.literal('log'), kind: z.enum(['info', 'say', 'tool', 'error']), text: z.string() }),
  z.object({ type: z.literal('outcome'), outcome: stageOutcome }),
])
export type StageLine = z.infer<typeof stageLine>

export type Log = (kind: Extract<StageLine, { type: 'log' }>['kind'], text: string) => void

/** The environment of a stage. After `signal` aborts, a stage ends within seconds, with an outcome or an error. */
export interface StageTools {
  log: Log
  signal: AbortSignal
  /** ms since the epoch. */
  now: () => number
}
