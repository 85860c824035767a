import type { Phase, TaskId } from '#shared/model/task.ts'
import type { CoAuthor } from './co-author.ts'
import * as z from 'zod'
import { repositoryName } from '#shared/model/repository.ts'
import { phase, taskId } from '#shared/model/task.ts'
import { coAuthor } from './co-author.ts'

/** The order for one attempt. It holds no secrets: the executor passes each one to the stages that need it. */
export interface JobSpec {
  /** `ml-<task>-<phase>-<attempt>`; the same name is the same Job. */
  name: string
  task: TaskId
  attempt: number
  phase: Phase
  /** `owner/name`. */
  repository: string
  /** null: the default branch. */
  base: string | null
  /** Checked out if it exists, else created from `base`. No other branch may be pushed. */
  branch: string
  title: string
  /** The co-author of the commit. */
  person: CoAuthor | null
  prompt: string
  /** The agent resolves conflicts: its workspace starts in the middle of a merge with the base. */
  mergeBase: boolean
  /** null: Claude Code's default. */
  model: string | null
  budgetUsd: number
  /** The last attempt whose commit the edge knows; 0 before the first. */
  published: number
  /** The time limit of all stages together. Seconds. */
  deadlineSeconds: number
  /** The largest workspace that checkout may make. MB. */
  checkoutMb: number
}

/** Parses the `JobSpec` that is stored with a Job. */
export const jobSpec = z
  .object({
    name: z.string().regex(/^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/),
    task: taskId,
    attempt: z.number().int().positive(),
    phase,
    repository: repositoryName,
    base: z.string().min(1).nullable(),
    branch: z.string().min(1),
    title: z.string(),
    person: coAuthor.nullable(),
    prompt: z.string(),
    mergeBase: z.boolean(),
    model: z.string().nullable(),
    budgetUsd: z.number(),
    published: z.number().int().nonnegative(),
    deadlineSeconds: z.number().positive(),
    checkoutMb: z.number().positive(),
  })
  .refine(
    ({ branch, task }) => branch === `mainloop/${task}` || branch.startsWith(`mainloop/${task}-`),
    'a task may push only its own branch',
  )
