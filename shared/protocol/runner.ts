import * as z from 'zod'
import { costUsd, MAX_LIST_LENGTH, text, time } from '../model/bounded.ts'
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
import { part } from './parts.ts'

/**
 * The protocol between runner and edge on `/runner`: JSON text frames; `ping` and `pong` as on the live socket.
 *
 * | version | date | change |
 * |---|---|---|
 * | 2 | 2026-11-26 | the first that was published |
 * | 3 | 2026-11-30 | renamed: frame `look` → `poll`, event `said` → `plan-decision`, desired work `ask` → `discuss` |
 * | 4 | 2026-11-30 | large frames in parts, both ways; every number, text and list of a runner's frame is bounded |
 * | 5 | 2026-11-30 | verdict `draft`, `isRunning` of `pending`, `ci` of desired work `review` |
 */
export const RUNNER_PROTOCOL_VERSION = 5

/**
 * Maximum length of a runner's frame in all its parts: the largest value of its schema, escaped, which a test
 * computes. The edge holds no more of a frame in memory. Characters.
 */
export const MAX_RUNNER_FRAME_LENGTH = 6_000_000

/** Maximum number of log lines in one frame. */
export const MAX_LOG_LINES = 200

/** Only a change to a whole repository, such as a rename, concerns more; the next regular poll covers the others. */
export const MAX_POLL_TASKS = 100

export const runnerUp = z.discriminatedUnion('type', [
  /** The first frame. The response is `welcome`, or the socket is closed with `CLOSE.version`. */
  z.object({
    type: z.literal('hello'),
    protocol: z.number().int(),
    /** New with each start of the runner. */
    instance: text(64).min(1),
    executor: text(50),
    problems: z.array(problem).max(20),
  }),
  /** An event of a task. It is sent again with the same id until it is acknowledged, and applied once. */
  z.object({ type: z.literal('report'), id: text(100).min(1), task: taskId, event: runnerEvent }),
  /** Lines of one attempt in order. `log-ack` has the last stored `n`; the runner sends again from there. */
  z.object({ type: z.literal('log'), task: taskId, lines: z.array(logLine).min(1).max(MAX_LOG_LINES) }),
  part,
])
export type RunnerUp = z.infer<typeof runnerUp>

/** The target state of a task's work; the runner compares it with the actual state and acts. */
export const desiredWork = z.discriminatedUnion('do', [
  /** There is a worker for this attempt, and its end is reported. */
  z.object({
    do: z.literal('attempt'),
    attempt: z.number().int().positive(),
    assignment,
    plan: text().nullable(),
    guidance: z.array(text()).max(MAX_LIST_LENGTH),
    /** The rest of the task's budget. */
    budgetUsd: costUsd,
    /**
     * The last attempt with a reported commit, 0 for none. A newer commit of a later
     * attempt on the branch means that the attempt died between its push and its report.
     */
    published: z.number().int().nonnegative(),
  }),
  /** There is a draft pull request for the branch, and the verdict of `head` is reported. */
  z.object({ do: z.literal('check'), head: commitSha }),
  /**
   * The pull request is marked ready if `ready`: CI verified `head`, or the person decided so. Its review, merge or
   * close is reported, and a verdict on `head` that is not `ci`, the one that is known.
   */
  z.object({
    do: z.literal('review'),
    head: commitSha,
    ci: z.enum(['passed', 'none', 'draft', 'pending', 'failed']),
    ready: z.boolean(),
  }),
  /** The plan of this attempt is in an issue, and decisions about it there are reported. */
  z.object({
    do: z.literal('discuss'),
    attempt: z.number().int(),
    plan: text().nullable(),
    questions: z.array(question).max(MAX_LIST_LENGTH),
  }),
  /** Nothing runs; the task waits for a person or for time. */
  z.object({ do: z.literal('wait') }),
  /** The task is over: the executor has nothing of it, its branch is deleted, its issue and pull request are closed. */
  z.object({ do: z.literal('clean-up'), after: z.enum(['merged', 'closed', 'cancelled']) }),
  /** The task is over and cleaned up: the runner drops it. */
  z.object({ do: z.literal('forget') }),
])
export type DesiredWork = z.infer<typeof desiredWork>

export const desiredTask = taskTerms
  .pick({ title: true, repository: true, base: true, brief: true, model: true })
  .extend({
    id: taskId,
    branch: text(300),
    createdAt: time,
    pull: pullRequest.nullable(),
    issue: issue.nullable(),
    /** All heads of its branch, the newest last: GitHub may still report an older one. */
    heads: z.array(commitSha).max(MAX_LIST_LENGTH),
    /** The comments that were handled already. */
    heard: z.array(commentId).max(MAX_LIST_LENGTH),
    /** The result of the last review, for replies to its comments. */
    reply: z
      .object({
        attempt: z.number().int(),
        head: commitSha.nullable(),
        summary: text(),
        comments: z.array(commentId).max(MAX_LIST_LENGTH),
      })
      .nullable(),
    /** Whether the task was last reported as blocked, so that the runner knows when to report `unblocked`. */
    blocked: z.boolean(),
    flags: z.array(text()).max(MAX_LIST_LENGTH),
    /** The summaries of earlier attempts, oldest first, for the pull request's text. */
    summaries: z.array(text()).max(MAX_LIST_LENGTH),
    /** The cost of the running attempt, as last reported. */
    spent: usage,
    work: desiredWork,
  })
export type DesiredTask = z.infer<typeof desiredTask>

/** `day` is UTC, such as `2026-11-23`. */
export const daySpend = z.object({ day: z.iso.date(), usd: costUsd })
export type DaySpend = z.infer<typeof daySpend>

export const runnerDown = z.discriminatedUnion('type', [
  /** `lease` grows with each connection; a runner whose socket is closed with `CLOSE.superseded` stops acting. */
  z.object({ type: z.literal('welcome'), lease: z.number().int() }),
  /** `full`: all tasks that are not cleaned up, and the cost of all tasks today; else only the changed tasks. */
  z.object({ type: z.literal('desired'), full: z.boolean(), tasks: z.array(desiredTask), spent: daySpend.optional() }),
  /** A webhook reported a change to these tasks. An optimisation: the runner polls by itself too. */
  z.object({ type: z.literal('poll'), tasks: z.array(taskId).min(1).max(MAX_POLL_TASKS) }),
  /** The report is stored and must not be sent again. `refused`: why it changed nothing (stale, finished). */
  z.object({ type: z.literal('ack'), report: text(100), refused: text().nullable() }),
  /** Lines up to `n` of this attempt are stored. */
  z.object({ type: z.literal('log-ack'), task: taskId, attempt: z.number().int(), n: z.number().int() }),
  part,
])
export type RunnerDown = z.infer<typeof runnerDown>
