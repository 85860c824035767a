import type { Phase, TaskId } from '#shared/model/task.ts'
import type { Person } from './person.ts'
import * as z from 'zod'
import { repositoryName } from '#shared/model/repository.ts'
import { phase, taskId } from '#shared/model/task.ts'
import { person } from './person.ts'

/** Everything a worker needs to do one attempt, and no secret: those go to the stages that need them by the adapter. */
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
  /** Checked out when it exists, else begun at `base`; the only branch that may be pushed. */
  branch: string
  title: string
  /** Whom the commit names as co-author. */
  person: Person | null
  prompt: string
  /** The workspace begins in the middle of a merge with the base, conflicts and all. */
  mergeBase: boolean
  /** null: Claude Code's default. */
  model: string | null
  budgetUsd: number
  /** The last attempt whose commit the edge knows; 0 when there is none. */
  published: number
  /** The whole Job, all stages. Seconds. */
  deadlineSeconds: number
  /** How large the workspace may be when the agent begins. */
  checkoutMb: number
}

/** Parses a `JobSpec` that was stored with its Job and is read back. */
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
    person: person.nullable(),
    prompt: z.string(),
    /** Whether the attempt is there to resolve conflicts with the base. */
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
