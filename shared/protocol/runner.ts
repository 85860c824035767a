import * as z from 'zod'
import { problem } from '../model/status.ts'
import { runnerEvent } from '../model/task-event.ts'
import {
  assignment,
  commentId,
  commitSha,
  issue,
  pullRequest,
  question,
  taskId,
  taskTerms,
  usage,
} from '../model/task.ts'
import { logLine } from './log.ts'

/**
 * Between the runner and the edge on `/runner`. JSON text frames; `ping` and `pong` as on the live socket.
 *
 * | version | date | change |
 * |---|---|---|
 * | 2 | 2026-11-26 | the first that was published |
 * | 3 | 2026-11-30 | the frame `look` is called `poll`, the event
 * `said` `plan-decision`, the desired work `ask` `discuss` |
 */
export const RUNNER_PROTOCOL_VERSION = 3

/** At most this many lines travel in one frame. */
export const MAX_LOG_LINES = 200

/** More at once is a repository that was renamed under them; the others are seen with the next poll. */
export const MAX_POLL_TASKS = 100

export const runnerUp = z.discriminatedUnion('type', [
  /** First frame. Answered with `welcome`, or the socket is closed with `CLOSE.version`. */
  z.object({
    type: z.literal('hello'),
    protocol: z.number().int(),
    /** New with each start of the runner. */
    instance: z.string().min(1).max(64),
    executor: z.string().max(50),
    problems: z.array(problem).max(20),
  }),
  /** Something happened to a task. Sent again with the same id until acked; applied once. */
  z.object({ type: z.literal('report'), id: z.string().min(1).max(100), task: taskId, event: runnerEvent }),
  /** Lines of one attempt in order. Acked with the last `n` stored; from there they are sent again. */
  z.object({ type: z.literal('log'), task: taskId, lines: z.array(logLine).min(1).max(MAX_LOG_LINES) }),
])
export type RunnerUp = z.infer<typeof runnerUp>

/** What should be true of a task's work; the runner compares with what is and acts. */
export const desiredWork = z.discriminatedUnion('do', [
  /** A worker for this attempt exists, and its end is reported. */
  z.object({
    do: z.literal('attempt'),
    attempt: z.number().int().positive(),
    assignment,
    plan: z.string().nullable(),
    guidance: z.array(z.string()),
    /** What is left of the task's budget. */
    budgetUsd: z.number(),
    /**
     * The last attempt whose commit is known, 0 for none: a newer commit of
     * the task's own was pushed by an attempt that died before it said so.
     */
    published: z.number().int().nonnegative(),
  }),
  /** There is a draft pull request for the branch, and the verdict on `head` is reported. */
  z.object({ do: z.literal('check'), head: commitSha }),
  /**
   * The pull request of `head` is marked ready (unless nothing
   * was verified), and its review, merge or close is reported.
   */
  z.object({ do: z.literal('review'), head: commitSha, ready: z.boolean() }),
  /** The plan of this attempt stands in an issue, and what people decide about it there is reported. */
  z.object({
    do: z.literal('discuss'),
    attempt: z.number().int(),
    plan: z.string().nullable(),
    questions: z.array(question),
  }),
  /** Nothing of it runs; it waits for a person or for time. */
  z.object({ do: z.literal('wait') }),
  /** Over: nothing of it is left in the executor, its branch is gone, and what it opened on GitHub is closed. */
  z.object({ do: z.literal('clean-up'), after: z.enum(['merged', 'closed', 'cancelled']) }),
  /** Over and cleaned up: the runner forgets it. */
  z.object({ do: z.literal('forget') }),
])
export type DesiredWork = z.infer<typeof desiredWork>

export const desiredTask = taskTerms
  .pick({ title: true, repository: true, base: true, brief: true, model: true })
  .extend({
    id: taskId,
    branch: z.string(),
    createdAt: z.number(),
    pull: pullRequest.nullable(),
    issue: issue.nullable(),
    /** Where its branch stood, the newest last: GitHub may still show an older one. */
    heads: z.array(commitSha),
    /** The comments that were taken in. */
    heard: z.array(commentId),
    /** What the last review became, to be said where it was asked for. */
    reply: z
      .object({
        attempt: z.number().int(),
        head: commitSha.nullable(),
        summary: z.string(),
        comments: z.array(commentId),
      })
      .nullable(),
    /**
     * What outside keeps it from moving, as last reported; so that
     * the runner knows when to report that it no longer does.
     */
    blocked: z.boolean(),
    flags: z.array(z.string()),
    /** What the attempts so far did, oldest first: for the pull request's text. */
    summaries: z.array(z.string()),
    /** What the attempt under way cost so far, as last reported. */
    spent: usage,
    work: desiredWork,
  })
export type DesiredTask = z.infer<typeof desiredTask>

/** `day` as in `2026-11-23`, UTC. */
export const daySpend = z.object({ day: z.iso.date(), usd: z.number() })
export type DaySpend = z.infer<typeof daySpend>

export const runnerDown = z.discriminatedUnion('type', [
  /**
   * `lease` grows with each runner that connects; a runner that
   * sees its socket closed with `CLOSE.superseded` stops acting.
   */
  z.object({ type: z.literal('welcome'), lease: z.number().int() }),
  /**
   * All tasks that are not over and cleaned up, when `full`; else
   * those that changed. With `full` goes what all of them cost today.
   */
  z.object({ type: z.literal('desired'), full: z.boolean(), tasks: z.array(desiredTask), spent: daySpend.optional() }),
  /** A webhook said that something happened to these tasks. An optimisation: the runner polls by itself too. */
  z.object({ type: z.literal('poll'), tasks: z.array(taskId).min(1).max(MAX_POLL_TASKS) }),
  /**
   * The report is stored. `refused` says why it changed nothing
   * (stale, finished); it must not be sent again either way.
   */
  z.object({ type: z.literal('ack'), report: z.string(), refused: z.string().nullable() }),
  /** Lines up to `n` of this attempt are stored. */
  z.object({ type: z.literal('log-ack'), task: taskId, attempt: z.number().int(), n: z.number().int() }),
])
export type RunnerDown = z.infer<typeof runnerDown>
