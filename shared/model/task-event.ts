import * as z from 'zod'
import { text, time } from './bounded.ts'
import { MAX_FAILURE_LENGTH, MAX_FEEDBACK_LENGTH } from './limits.ts'
import {
  answer,
  checkFailure,
  commentId,
  commitSha,
  failureKind,
  issue,
  pullRequest,
  question,
  reviewComment,
  taskTerms,
  usage,
} from './task.ts'

const edits = taskTerms.partial()
const attempt = z.number().int().positive()

/** A decision of the person, on any device; it may have been made offline and arrive too late. */
export const personEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('confirm'), edits: edits.optional() }),
  z.object({ kind: z.literal('dismiss') }),
  z.object({ kind: z.literal('cancel') }),
  z.object({ kind: z.literal('retry'), edits: edits.optional() }),
  z.object({ kind: z.literal('approve-plan') }),
  z.object({ kind: z.literal('revise-plan'), words: text(32_000).min(1) }),
  z.object({ kind: z.literal('answer'), answers: z.array(answer).min(1).max(20) }),
  /** The pull request becomes ready for review although its checks are not green; only for the commit that was seen. */
  z.object({ kind: z.literal('mark-ready'), expectedHead: commitSha }),
  z.object({ kind: z.literal('message'), words: text(32_000).min(1) }),
])
export type PersonEvent = z.infer<typeof personEvent>

/** The outcome of an attempt. */
export const attemptResult = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('planned'),
    plan: text(64_000).min(1),
    questions: z.array(question).max(20),
    usage,
  }),
  z.object({
    outcome: z.literal('published'),
    head: commitSha,
    summary: text(16_000),
    flags: z.array(text(500)).max(50),
    usage,
  }),
  /** The agent finished without changes; its summary gives the reason. */
  z.object({ outcome: z.literal('unchanged'), summary: text(16_000), usage }),
  /** The account's usage limit was reached; it resets at `until` (ms since the epoch). */
  z.object({ outcome: z.literal('limited'), until: time, why: text(1000), usage }),
  z.object({ outcome: z.literal('failed'), kind: failureKind, reason: text(4000), usage }),
])
export type AttemptResult = z.infer<typeof attemptResult>

/** Twice the length that the runner shares among the excerpts, which leaves room for what stands for unread logs. */
const reportedFailure = checkFailure.refine(
  ({ jobs }) => lengthOf(jobs, ({ excerpt }) => excerpt) <= 2 * MAX_FAILURE_LENGTH,
  'All excerpts of a failure together are too long.',
)

/** All comments of a report together are limited, because they are stored in one row. */
const reportedComments = z
  .array(reviewComment)
  .min(1)
  .max(100)
  .refine(
    comments => lengthOf(comments, ({ text }) => text) <= MAX_FEEDBACK_LENGTH,
    'All comments of a report together are too long.',
  )

function lengthOf<T>(all: readonly T[], textOf: (one: T) => string): number {
  return all.reduce((sum, one) => sum + textOf(one).length, 0)
}

/** The result of all checks of one commit. */
export const verdict = z.discriminatedUnion('kind', [
  /** `isRunning`: some of it goes on by itself. Otherwise all of it waits for somebody or something outside. */
  z.object({ kind: z.literal('pending'), waitingFor: z.array(text(300)).max(100), isRunning: z.boolean() }),
  z.object({ kind: z.literal('passed'), checks: z.number().int().positive() }),
  z.object({ kind: z.literal('failed'), failure: reportedFailure }),
  /** No check ran, or all were skipped: nothing was verified, so this is not green. */
  z.object({ kind: z.literal('none') }),
  /** All jobs that ran have passed, but these skip drafts and have not run on this commit, so it is not green. */
  z.object({ kind: z.literal('draft'), skipped: z.array(text(300)).min(1).max(100) }),
])
export type Verdict = z.infer<typeof verdict>

/** The meaning of a comment about the plan: one of the person's own decisions. */
export const planAnswer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('approve-plan') }),
  z.object({ kind: z.literal('revise-plan'), words: text(32_000).min(1) }),
  z.object({ kind: z.literal('answer'), answers: z.array(answer).min(1).max(20) }),
  z.object({ kind: z.literal('cancel') }),
])
export type PlanAnswer = z.infer<typeof planAnswer>

/** An event that the runner observed and reports. */
export const runnerEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('started'), attempt }),
  /** The total cost of the running attempt so far. */
  z.object({ kind: z.literal('spent'), attempt, usage }),
  z.object({ kind: z.literal('ended'), attempt, result: attemptResult }),
  z.object({ kind: z.literal('pull'), pull: pullRequest }),
  z.object({ kind: z.literal('checks'), head: commitSha, verdict }),
  /** The branch's head is not a commit of an attempt: a person pushed. */
  z.object({ kind: z.literal('pushed'), head: commitSha }),
  z.object({ kind: z.literal('issue'), issue }),
  /** A decision about the plan on GitHub by `by`, who may make it; `comment` is null for a reaction. */
  z.object({
    kind: z.literal('plan-decision'),
    comment: commentId.nullable(),
    by: text(100),
    decision: planAnswer,
  }),
  /** Comments without a request, or by somebody without the right to make one. */
  z.object({ kind: z.literal('heard'), comments: z.array(commentId).min(1).max(100) }),
  z.object({ kind: z.literal('feedback'), comments: reportedComments }),
  z.object({ kind: z.literal('merged') }),
  z.object({ kind: z.literal('closed'), why: text(300).optional() }),
  /** The task is over, and its Jobs, its branch and everything it opened on GitHub are gone. */
  z.object({ kind: z.literal('cleaned') }),
  z.object({
    kind: z.literal('blocked'),
    on: z.enum(['github', 'executor', 'model', 'runner']),
    why: text(1000),
  }),
  z.object({ kind: z.literal('unblocked') }),
])
export type RunnerEvent = z.infer<typeof runnerEvent>

/** An event by time: the task was paused until now. */
export const timeEvent = z.object({ kind: z.literal('resume') })

export const taskEvent = z.discriminatedUnion('kind', [...personEvent.options, ...runnerEvent.options, timeEvent])
export type TaskEvent = z.infer<typeof taskEvent>
