import type { RunnerEvent } from '#shared/model/task-event.ts'
import type { DesiredTask } from '#shared/protocol/runner.ts'
import { backoff } from '#shared/lib/backoff.ts'

/** The longest wait between two tries of something that fails: GitHub is back within minutes, and people wait. */
const MAX_BACKOFF_MS = 5 * 60_000

/**
 * Least time between a poll and one that was asked for early, so that a storm of webhooks costs two polls a second. ms
 */
const POLL_SOON_GAP_MS = 500

/** Polls that are due within this are one pass, because each pass lists all Jobs of the executor. ms */
const MIN_POLL_DELAY_MS = 100

/**
 * So many early polls may follow each other; after that one more is
 * allowed per poll interval, or per ten seconds where that is longer.
 */
const MAX_SOON_POLLS = 30
const MAX_REFILL_MS = 10_000

interface TaskPollState {
  work: string
  said: Map<string, string>
  done: Map<string, string>
  notBefore: number
  failures: number
  /** The earliest time of an early poll. */
  pollSoonFrom: number
}

/**
 * What this process remembers of each task: what it reported, and when to poll again. An optimisation: losing
 * it repeats a poll or a report and never falsifies one. Other work that is desired of a task resets it.
 */
export interface PollState {
  /** Whether the event differs from the last one of its kind; remembers it. */
  isNew: (task: DesiredTask, event: RunnerEvent) => boolean
  /** What was written to GitHub for this work, by a name of its own: it need not be read with every poll. */
  isDone: (task: DesiredTask, what: string, as?: string) => boolean
  /** `as`: which of several it says now, where it is written again when that is another. */
  done: (task: DesiredTask, what: string, as?: string) => void
  notBefore: (task: DesiredTask) => number
  /** The poll succeeded: the next one is at this time (ms since the epoch). */
  pollAt: (task: DesiredTask, at: number) => void
  /**
   * Brings the next poll forward as far as the limits on early polls allow.
   * A task whose polls fail, or that waits for a rate limit, is left alone.
   */
  pollSoon: (task: string) => void
  /**
   * How long after a pass that began at `since` the next poll is due, at most a poll interval. Tasks
   * that were due before `since` were polled by that pass; those that became due during it were not. ms
   */
  nextPollDelay: (since: number) => number
  /** The poll failed: the next one is at `retryAt`, or after a delay that doubles. */
  failed: (task: DesiredTask, retryAt: number | null) => void
  /** Forgets the tasks that are not among these. */
  keep: (tasks: readonly DesiredTask[]) => void
}

export function createPollState({ now, pollMs }: { now: () => number, pollMs: number }): PollState {
  const tasks = new Map<string, TaskPollState>()
  /** When a task has all its early polls again. */
  const refilled = new Map<string, number>()
  const refillMs = Math.min(pollMs, MAX_REFILL_MS)

  function of({ id, work }: DesiredTask): TaskPollState {
    const before = tasks.get(id)
    const text = JSON.stringify(work)
    if (before?.work === text)
      return before
    const fresh = {
      work: text,
      said: new Map<string, string>(),
      done: new Map<string, string>(),
      notBefore: 0,
      failures: 0,
      pollSoonFrom: 0,
    }
    tasks.set(id, fresh)
    return fresh
  }

  return {
    isNew: (task, event) => {
      const { said } = of(task)
      const topic = event.kind === 'unblocked' ? 'blocked' : event.kind
      const text = JSON.stringify(event)
      const isNew = said.get(topic) !== text
      said.set(topic, text)
      return isNew
    },
    isDone: (task, what, as = '') => of(task).done.get(what) === as,
    done: (task, what, as = '') => void of(task).done.set(what, as),
    notBefore: task => of(task).notBefore,
    pollAt: (task, at) => {
      Object.assign(of(task), { notBefore: at, failures: 0, pollSoonFrom: now() + POLL_SOON_GAP_MS })
    },
    pollSoon: (id) => {
      const remembered = tasks.get(id)
      if (!remembered || remembered.failures > 0)
        return
      const full = refilled.get(id) ?? 0
      const from = Math.max(now(), remembered.pollSoonFrom, full - (MAX_SOON_POLLS - 1) * refillMs)
      if (from < remembered.notBefore) {
        remembered.notBefore = from
        refilled.set(id, Math.max(full, from) + refillMs)
      }
    },
    nextPollDelay: (since) => {
      const soonest = Math.min(
        ...[...tasks.values()].map(({ notBefore }) => notBefore).filter(notBefore => notBefore > since),
      )
      return Math.min(pollMs, Math.max(MIN_POLL_DELAY_MS, soonest - now()))
    },
    failed: (task, retryAt) => {
      const remembered = of(task)
      const delayMs = backoff({ firstMs: pollMs, maxMs: MAX_BACKOFF_MS }, remembered.failures)
      remembered.failures += 1
      remembered.notBefore = Math.max(now() + delayMs, retryAt ?? 0)
    },
    keep: (kept) => {
      const ids = new Set(kept.map(({ id }) => id))
      for (const id of tasks.keys()) {
        if (!ids.has(id)) {
          tasks.delete(id)
          refilled.delete(id)
        }
      }
    },
  }
}
