import * as z from 'zod'
import { address, costUsd, MAX_COST_USD, MAX_LIST_LENGTH, text, time, tokens } from './bounded.ts'
import { MAX_BRIEF_LENGTH, MAX_FAILURE_LENGTH } from './limits.ts'
import { repositoryName } from './repository.ts'

/** Lower-case and short, because branches, Jobs and folders are named by it. */
export const taskId = z.string().regex(/^[a-z\d]{10}$/)
export type TaskId = z.infer<typeof taskId>

export const phase = z.enum(['plan', 'implement', 'fix', 'feedback'])
export type Phase = z.infer<typeof phase>

export const commitSha = z.string().regex(/^[\da-f]{40}$/)

/** The part of a task that the person confirms and may edit. */
export const taskTerms = z.object({
  title: text(200).min(1),
  repository: repositoryName,
  /** null: the repository's default branch. */
  base: text(200).min(1).nullable(),
  brief: text(MAX_BRIEF_LENGTH).min(1),
  planFirst: z.boolean(),
  /** null: the runner's default. */
  model: text(100).min(1).nullable(),
  budgetUsd: z.number().positive().max(1000),
})
export type TaskTerms = z.infer<typeof taskTerms>

/** The terms' limit once more on top of the highest cost. USD. */
export const MAX_TASK_BUDGET_USD = MAX_COST_USD + 1000

export const question = z.object({
  id: text(64),
  text: text(2000),
  options: z.array(text(500)).max(8),
})
export type Question = z.infer<typeof question>

export const answer = z.object({ question: text(64), text: text(4000) })
export type Answer = z.infer<typeof answer>

/** The failing parts of the checks' logs, together at most `MAX_FAILURE_LENGTH` long. Untrusted text. */
export const checkFailure = z.object({
  kind: z.enum(['checks', 'conflict']),
  summary: text(1000),
  jobs: z
    .array(z.object({ name: text(300), url: address.nullable(), excerpt: text(2 * MAX_FAILURE_LENGTH) }))
    .max(50),
})
export type CheckFailure = z.infer<typeof checkFailure>

/** On GitHub: `comment:<id>` of an issue comment, `review:<id>`, or `line:<id>` of a comment on a line. */
export const commentId = z.string().regex(/^(?:comment|review|line):\d{1,20}$/)
export type CommentId = z.infer<typeof commentId>

/** A reviewer's comment as the attempt reads it. Untrusted text. */
export const reviewComment = z.object({ id: commentId, text: text(16_000) })
export type ReviewComment = z.infer<typeof reviewComment>

/** A closed set; the `reason` beside it is the sentence for the person. */
export const failureKind = z.enum([
  'repository-not-found',
  'repository-no-access',
  'repository-empty',
  'checkout',
  'agent',
  'credential',
  'no-changes',
  'publish',
  'out-of-memory',
  'deadline',
  'image',
  'unschedulable',
  'crashed',
  'budget',
  'checks',
])
export type FailureKind = z.infer<typeof failureKind>

export const usage = z.object({ costUsd, inputTokens: tokens, outputTokens: tokens })
export type Usage = z.infer<typeof usage>

const since = time
const attempt = z.number().int().positive()

/** An attempt's work, stored so that it can be started again. */
export const assignment = z.discriminatedUnion('phase', [
  z.object({ phase: z.literal('plan') }),
  z.object({ phase: z.literal('implement') }),
  z.object({ phase: z.literal('fix'), failure: checkFailure }),
  z.object({ phase: z.literal('feedback'), comments: z.array(reviewComment).max(100) }),
])
export type Assignment = z.infer<typeof assignment>

/** The current attempt; `startedAt` is null until the runner has a worker for it. */
export const work = z.object({
  attempt,
  assignment,
  startedAt: time.nullable(),
  /** Its cost so far, as last reported. */
  spent: usage.optional(),
  /** Number of messages that arrived while it ran; it has not read them. */
  told: z.number().int().optional(),
})
export type Work = z.infer<typeof work>

/** The state was entered at `since` (ms since the epoch). */
export const taskState = z.discriminatedUnion('status', [
  z.object({ status: z.literal('proposed'), since }),
  z.object({ status: z.literal('queued'), since, work }),
  z.object({ status: z.literal('planning'), since, work }),
  z.object({ status: z.literal('plan_review'), since, plan: text() }),
  z.object({
    status: z.literal('waiting_answer'),
    since,
    plan: text().nullable(),
    questions: z.array(question).min(1),
  }),
  z.object({ status: z.literal('implementing'), since, work }),
  z.object({
    status: z.literal('checking'),
    since,
    head: commitSha,
    pending: z.array(text()).max(MAX_LIST_LENGTH),
    /** Since when exactly these checks are pending; without it, since the state was entered. */
    pendingSince: time.optional(),
    /** Whether some of them go on by themselves. */
    isRunning: z.boolean().optional(),
  }),
  z.object({ status: z.literal('fixing'), since, work }),
  z.object({
    status: z.literal('in_review'),
    since,
    head: commitSha,
    /** `draft`: jobs that skip drafts have not run. `pending`: the person went on while checks were pending. */
    ci: z.enum(['passed', 'none', 'draft', 'pending']),
    /** The jobs that skip drafts, or the pending checks. */
    waiting: z.array(text()).max(MAX_LIST_LENGTH).optional(),
    /** The person marked the pull request ready although its checks are not green. */
    ready: z.boolean().optional(),
  }),
  z.object({ status: z.literal('addressing_feedback'), since, work }),
  z.object({ status: z.literal('paused'), since, until: time, why: text(), assignment }),
  z.object({ status: z.literal('merged'), since }),
  z.object({ status: z.literal('closed'), since }),
  z.object({ status: z.literal('cancelled'), since, by: z.enum(['dismissed', 'person']) }),
  /** A retry does `assignment` again. */
  z.object({ status: z.literal('failed'), since, kind: failureKind, reason: text(), assignment }),
])
export type TaskState = z.infer<typeof taskState>
export type TaskStatus = TaskState['status']

export const pullRequest = z.object({ number: z.number().int().positive(), url: address, draft: z.boolean() })
export type PullRequest = z.infer<typeof pullRequest>

/** The GitHub issue in which the plan is discussed. */
export const issue = z.object({ number: z.number().int().positive(), url: address })
export type Issue = z.infer<typeof issue>

/** An attempt that has ended, for the task's history. */
export const attemptRecord = z.object({
  attempt,
  phase,
  /** The summary of the failure that a fix is for; null for other phases. */
  cause: text().nullable(),
  startedAt: time.nullable(),
  endedAt: time,
  outcome: text(),
  /** The agent's own summary; null when it did not get that far. */
  summary: text().nullable(),
  head: commitSha.nullable(),
  usage,
  /** The review comments it answers; only in the phase `feedback`. */
  comments: z.array(commentId).max(MAX_LIST_LENGTH).optional(),
})
export type AttemptRecord = z.infer<typeof attemptRecord>

export const task = taskTerms.extend({
  id: taskId,
  /** A retry grants the budget once more on top of the cost, so it may be above the terms' limit. */
  budgetUsd: z.number().positive().max(MAX_TASK_BUDGET_USD),
  createdAt: time,
  /** Grows by one with each change, so that a change's announcement has the same id on every device. */
  revision: z.number().int(),
  state: taskState,
  branch: text(300).nullable(),
  pull: pullRequest.nullable(),
  issue: issue.nullable(),
  /** All heads of the branch, oldest first: commits that attempts published and people pushed. */
  heads: z.array(commitSha).max(MAX_LIST_LENGTH),
  /** GitHub comments that were handled already, so that each counts once. */
  heard: z.array(commentId).max(MAX_LIST_LENGTH),
  plan: text().nullable(),
  /** Everything the person said to the task, oldest first; part of every later prompt. */
  guidance: z.array(text()).max(MAX_LIST_LENGTH),
  /** The number of the last attempt; attempts are numbered through all phases. */
  attempts: z.number().int(),
  fixes: z.number().int(),
  /** Allowed number of fixes; a retry by the person grants more. */
  fixLimit: z.number().int(),
  crashes: z.number().int(),
  history: z.array(attemptRecord).max(MAX_LIST_LENGTH),
  /** Findings that a reviewer should look at twice: changed tests, workflow files. */
  flags: z.array(text()).max(MAX_LIST_LENGTH),
  /** The outside cause that keeps the task from moving; null when nothing does. */
  blocked: z.object({ on: z.enum(['github', 'executor', 'model', 'runner']), why: text(), since }).nullable(),
  usage,
  /** The task is over, and nothing of it is left in the executor or open on GitHub. */
  cleanedUp: z.boolean(),
  /** `since` of the state that the person saw last; the badge counts newer states. */
  seen: time,
})
export type Task = z.infer<typeof task>

export const TASK_PREFIX = 'task/'

export function taskKey(id: TaskId): string {
  return TASK_PREFIX + id
}
