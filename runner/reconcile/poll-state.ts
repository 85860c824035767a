import type { RunnerEvent } from '#shared/model/task-event.ts'
import type { DesiredTask } from '#shared/protocol/runner.ts'
import { backoff } from '#shared/lib/backoff.ts'

/** Poll intervals between two polls for a person's decision: people decide in minutes, while CI ends in seconds. */
export const PERSON_POLL_FACTOR = 6

/** Longest delay between two tries of a failing poll: outages of GitHub end within minutes, and people wait. */
const MAX_BACKOFF_MS = 5 * 60_000

/** Minimum ms between a poll and an early one, so that a storm of webhooks costs at most two polls a second. */
const POLL_SOON_GAP_MS = 500

/** Polls that are due within these ms share one pass, because each pass lists all Jobs of the executor. */
const MIN_POLL_DELAY_MS = 100

/** Early polls in a row; after them one more is allowed per poll interval, or per ten seconds if that is shorter. */
const MAX_SOON_POLLS = 30
const MAX_REFILL_MS = 10_000

export type PullWriteKind = 'text' | 'ready'

/**
 * Maximum number of writes to a pull request per head. Each can start workflows, so a verdict that changes with every
 * write would change for ever. Texts about a red, a draft's and a green result fit, and leaving the draft once.
 */
const MAX_WRITES: Record<PullWriteKind, number> = { text: 3, ready: 1 }
export const MAX_WRITES_PER_HEAD = MAX_WRITES.text + MAX_WRITES.ready

/** The writes for one head; they outlast a change of the desired work. */
interface HeadWrites { head: string, variants: Record<PullWriteKind, string[]> }

interface TaskPollState {
  work: string
  reported: Map<string, string>
  done: Map<string, string>
  notBefore: number
  failures: number
  /** The earliest time of an early poll. */
  pollSoonFrom: number
}

/**
 * Remembers each task's last reports and the time of its next poll. An optimisation: losing it repeats a poll
 * or a report and never falsifies one. New desired work for a task resets its state.
 */
export interface PollState {
  /** Whether the event differs from the last one of its kind, which it replaces. */
  isNew: (task: DesiredTask, event: RunnerEvent) => boolean
  /** Whether this variant of a text was the last one written to GitHub for this work, so that no poll need read it. */
  isDone: (task: DesiredTask, name: string, variant?: string) => boolean
  done: (task: DesiredTask, name: string, variant?: string) => void
  /** Whether the pull request lacks this variant of a write for this head, and the head's writes are not used up. */
  mayWrite: (task: DesiredTask, head: string, what: PullWriteKind, variant?: string) => boolean
  wrote: (task: DesiredTask, head: string, what: PullWriteKind, variant?: string) => void
  /** ms since the epoch; 0 for at once. */
  notBefore: (task: DesiredTask) => number
  /** Schedules the poll after a successful one; `at` is in ms since the epoch. */
  pollAt: (task: DesiredTask, at: number) => void
  /** Brings the next poll forward within the limits on early polls, unless polls of the task fail. */
  pollSoon: (task: string) => void
  /**
   * The ms until the next poll is due after a pass that began at `since`, at most a poll interval. That pass
   * polled the tasks that were due before `since`, but none that became due during it.
   */
  nextPollDelay: (since: number) => number
  /** Schedules the poll after a failed one: after a delay that doubles, but not before `retryAt`. */
  failed: (task: DesiredTask, retryAt: number | null) => void
  /** Forgets all tasks but these. */
  keep: (tasks: readonly DesiredTask[]) => void
}

export function createPollState({ now, pollMs }: { now: () => number, pollMs: number }): PollState {
  const tasks = new Map<string, TaskPollState>()
  /** The time when a task may make all its early polls again, ms since the epoch. */
  const refilled = new Map<string, number>()
  const writes = new Map<string, HeadWrites>()
  const refillMs = Math.min(pollMs, MAX_REFILL_MS)

  function stateOf({ id, work }: DesiredTask): TaskPollState {
    const before = tasks.get(id)
    const text = JSON.stringify(work)
    if (before?.work === text)
      return before
    const fresh = {
      work: text,
      reported: new Map<string, string>(),
      done: new Map<string, string>(),
      notBefore: 0,
      failures: 0,
      pollSoonFrom: 0,
    }
    tasks.set(id, fresh)
    return fresh
  }

  function writesOf({ id }: DesiredTask, head: string): HeadWrites {
    const before = writes.get(id)
    if (before?.head === head)
      return before
    const fresh: HeadWrites = { head, variants: { text: [], ready: [] } }
    writes.set(id, fresh)
    return fresh
  }

  return {
    isNew: (task, event) => {
      const { reported } = stateOf(task)
      const topic = event.kind === 'unblocked' ? 'blocked' : event.kind
      const text = JSON.stringify(event)
      const isNew = reported.get(topic) !== text
      reported.set(topic, text)
      return isNew
    },
    isDone: (task, name, variant = '') => stateOf(task).done.get(name) === variant,
    done: (task, name, variant = '') => void stateOf(task).done.set(name, variant),
    mayWrite: (task, head, what, variant = '') => {
      const { variants } = writesOf(task, head)
      return variants[what].length < MAX_WRITES[what] && variants[what].at(-1) !== variant
    },
    wrote: (task, head, what, variant = '') => void writesOf(task, head).variants[what].push(variant),
    notBefore: task => stateOf(task).notBefore,
    pollAt: (task, at) => {
      Object.assign(stateOf(task), { notBefore: at, failures: 0, pollSoonFrom: now() + POLL_SOON_GAP_MS })
    },
    pollSoon: (id) => {
      const state = tasks.get(id)
      if (!state || state.failures > 0)
        return
      const full = refilled.get(id) ?? 0
      const from = Math.max(now(), state.pollSoonFrom, full - (MAX_SOON_POLLS - 1) * refillMs)
      if (from < state.notBefore) {
        state.notBefore = from
        refilled.set(id, Math.max(full, from) + refillMs)
      }
    },
    nextPollDelay: (since) => {
      const times = [...tasks.values()].map(({ notBefore }) => notBefore).filter(notBefore => notBefore > since)
      return Math.min(pollMs, Math.max(MIN_POLL_DELAY_MS, Math.min(...times) - now()))
    },
    failed: (task, retryAt) => {
      const state = stateOf(task)
      const delayMs = backoff({ firstMs: pollMs, maxMs: MAX_BACKOFF_MS }, state.failures)
      state.failures += 1
      state.notBefore = Math.max(now() + delayMs, retryAt ?? 0)
    },
    keep: (kept) => {
      const ids = new Set(kept.map(({ id }) => id))
      for (const id of tasks.keys()) {
        if (!ids.has(id)) {
          tasks.delete(id)
          writes.delete(id)
          refilled.delete(id)
        }
      }
    },
  }
}
