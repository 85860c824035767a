import type { RunnerEvent } from '#shared/model/task-event.ts'
import type { DesiredTask } from '#shared/protocol/runner.ts'

/** The longest wait between two tries of something that fails: GitHub is back within minutes, and people wait. */
const MAX_BACKOFF_MS = 5 * 60_000

/** After a look a hurried one is this far away: a result that comes in between is still acted on within two seconds, and a storm is two looks a second. ms */
const HURRY_GAP_MS = 500

/** Looks that are due within this are one pass: each asks the executor for all its Jobs. ms */
const MIN_REST_MS = 100

/** So many hurried looks in a row; then there is another with each poll that would pass, or each ten seconds where polls are rarer. */
const MAX_HURRIED = 30
const MAX_REFILL_MS = 10_000

interface Remembered {
  work: string
  said: Map<string, string>
  done: Map<string, string>
  notBefore: number
  failures: number
  /** When a hurried look may be at the earliest. */
  hurryFrom: number
}

/**
 * What this process remembers about a task so as not to repeat itself: what it said and when to look again. Only manners: losing it
 * costs a repeated look or report, never a wrong one. Forgotten when other work is desired of the task.
 */
export interface Memory {
  /** Whether the event says something new; remembers it. */
  isNews: (task: DesiredTask, event: RunnerEvent) => boolean
  /** What was written to GitHub for this work, by a name of its own: no need to look at it with every poll. */
  isDone: (task: DesiredTask, what: string, as?: string) => boolean
  /** `as`: which of several it says now, where it is written again when that is another. */
  done: (task: DesiredTask, what: string, as?: string) => void
  notBefore: (task: DesiredTask) => number
  /** It worked: look again then (ms since the epoch). */
  lookAgain: (task: DesiredTask, at: number) => void
  /** Something happened to it: look as soon as a hurried look may be, later after a storm, but never not at all. What fails, or was limited, is not hurried. */
  hurry: (task: string) => void
  /**
   * After a pass that began at `since`: how long until the next task is worth a look, at most a poll. What was due before the pass had
   * its look in it; what became due while it took its time has not. ms
   */
  restMs: (since: number) => number
  /** It did not: try again at `retryAt`, or later and later. */
  failed: (task: DesiredTask, retryAt: number | null) => void
  /** Forgets the tasks that are not among these. */
  keep: (tasks: readonly DesiredTask[]) => void
}

export function createMemory({ now, pollMs }: { now: () => number, pollMs: number }): Memory {
  const tasks = new Map<string, Remembered>()
  /** When all hurried looks of a task are there again. */
  const refilled = new Map<string, number>()
  const refillMs = Math.min(pollMs, MAX_REFILL_MS)

  function of({ id, work }: DesiredTask): Remembered {
    const before = tasks.get(id)
    const text = JSON.stringify(work)
    if (before?.work === text)
      return before
    const fresh = { work: text, said: new Map<string, string>(), done: new Map<string, string>(), notBefore: 0, failures: 0, hurryFrom: 0 }
    tasks.set(id, fresh)
    return fresh
  }

  return {
    isNews: (task, event) => {
      const { said } = of(task)
      const topic = event.kind === 'unblocked' ? 'blocked' : event.kind
      const text = JSON.stringify(event)
      const isNews = said.get(topic) !== text
      said.set(topic, text)
      return isNews
    },
    isDone: (task, what, as = '') => of(task).done.get(what) === as,
    done: (task, what, as = '') => void of(task).done.set(what, as),
    notBefore: task => of(task).notBefore,
    lookAgain: (task, at) => {
      Object.assign(of(task), { notBefore: at, failures: 0, hurryFrom: now() + HURRY_GAP_MS })
    },
    hurry: (id) => {
      const remembered = tasks.get(id)
      if (!remembered || remembered.failures > 0)
        return
      const full = refilled.get(id) ?? 0
      const from = Math.max(now(), remembered.hurryFrom, full - (MAX_HURRIED - 1) * refillMs)
      if (from < remembered.notBefore) {
        remembered.notBefore = from
        refilled.set(id, Math.max(full, from) + refillMs)
      }
    },
    restMs: (since) => {
      const soonest = Math.min(...[...tasks.values()].map(({ notBefore }) => notBefore).filter(notBefore => notBefore > since))
      return Math.min(pollMs, Math.max(MIN_REST_MS, soonest - now()))
    },
    failed: (task, retryAt) => {
      const remembered = of(task)
      const backoff = Math.min(MAX_BACKOFF_MS, pollMs * 2 ** remembered.failures)
      remembered.failures += 1
      remembered.notBefore = Math.max(now() + backoff, retryAt ?? 0)
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
