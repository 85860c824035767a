import * as z from 'zod'
import { attemptResult } from '#shared/model/task-event.ts'
import { commitSha, usage } from '#shared/model/task.ts'
import { jobSpec } from './job-spec.ts'

/** Where repositories are and what opens them. */
export const gitAccess = z.object({ serverUrl: z.url(), token: z.string().nullable() })
export type GitAccess = z.infer<typeof gitAccess>

export const modelAccess = z.object({
  apiKey: z.string().nullable(),
  oauthToken: z.string().nullable(),
  baseUrl: z.string().nullable(),
})
export type ModelAccess = z.infer<typeof modelAccess>

/**
 * Written to the worker's standard input, never to a file, an argument
 * or an environment. `checkout`: less than `git`, where there is less.
 */
export const workerSecrets = z.object({ git: gitAccess, checkout: gitAccess.optional(), model: modelAccess })
export type WorkerSecrets = z.infer<typeof workerSecrets>

export const checkedOut = z.object({
  outcome: z.literal('checked-out'),
  /** The commit the agent begins at. */
  start: commitSha,
  /** Whether that is the tip of the task's branch; else the branch is not on the remote yet. */
  onBranch: z.boolean(),
  /** The unfinished work of an earlier attempt, which lies in the workspace; null when there is none. */
  wip: commitSha.nullable(),
  /** The commit of the base whose conflicts the workspace holds, to be the second parent of what is published. */
  merging: commitSha.optional(),
})
export type CheckedOut = z.infer<typeof checkedOut>

const worked = z.object({ outcome: z.literal('worked'), summary: z.string(), usage })
export type Worked = z.infer<typeof worked>

/** What the agent did is on the remote, or there was nothing to keep. */
const saved = z.object({ outcome: z.literal('saved') })

/** How a stage ended: with what the next one needs, or with the end of the attempt. */
export const stageOutcome = z.discriminatedUnion('outcome', [checkedOut, worked, saved, ...attemptResult.options])
export type StageOutcome = z.infer<typeof stageOutcome>

/**
 * The one line a stage reads. Each stage is given only the access
 * it needs; `modelSecrets` is what must not be in the published files.
 */
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

/** The lines a stage prints. */
export const stageLine = z.discriminatedUnion('type', [
  z.object({ type: z.literal('log'), kind: z.enum(['info', 'say', 'tool', 'error']), text: z.string() }),
  z.object({ type: z.literal('outcome'), outcome: stageOutcome }),
])
export type StageLine = z.infer<typeof stageLine>

export type Log = (kind: Extract<StageLine, { type: 'log' }>['kind'], text: string) => void

/**
 * What a stage is given besides its input. `signal` aborts when the attempt
 * is to stop; the stage then ends soon, with an outcome or an error.
 */
export interface StageTools {
  log: Log
  signal: AbortSignal
  /** ms since the epoch. */
  now: () => number
}
