import type { TaskId } from '#shared/model/task.ts'
import type { Store } from '../store/store.ts'
import type { UnfinishedTasks } from '../tasks/unfinished-tasks.ts'
import { backoff } from '#shared/lib/backoff.ts'
import { read, rows } from '#shared/model/rows.ts'
import { applyTaskEvent } from '#shared/mutators/apply-task-event.ts'
import { logFailure } from '../http/log-failure.ts'

/** Resumes paused tasks when their pauses end. */
export interface PausedTasks {
  /** The time at which `resume` has something to do, ms since the epoch; null without paused tasks. */
  next: () => number | null
  /** Resumes the tasks whose pauses are over. */
  resume: () => Promise<void>
}

/** The waits after a resume that failed: a task that can never resume must cost little. */
const RETRY = { firstMs: 60_000, maxMs: 3_600_000 }

interface Failures { count: number, retryAt: number }

export function createPausedTasks(store: Store, unfinished: UnfinishedTasks, now: () => number): PausedTasks {
  // Only in memory, because an object that starts anew may try at once.
  const failed = new Map<TaskId, Failures>()

  function paused(): { task: TaskId, due: number }[] {
    return unfinished().flatMap(({ id, state }) =>
      state.status === 'paused' ? [{ task: id, due: Math.max(state.until, failed.get(id)?.retryAt ?? 0) }] : [])
  }

  /** Never rejects: the other tasks resume, and the alarm must not fire again at once for this one. */
  async function tryToResume(task: TaskId): Promise<void> {
    try {
      await resumeTask(store, task)
      failed.delete(task)
    }
    catch (error) {
      logFailure('a paused task that should resume', error)
      const count = failed.get(task)?.count ?? 0
      failed.set(task, { count: count + 1, retryAt: now() + backoff(RETRY, count) })
    }
  }

  return {
    next: () => {
      const times = paused().map(({ due }) => due)
      return times.length > 0 ? Math.min(...times) : null
    },
    resume: async () => {
      for (const { task } of paused().filter(({ due }) => due <= now()))
        await tryToResume(task)
    },
  }
}

async function resumeTask(store: Store, id: TaskId): Promise<void> {
  await store.commit(async (tx) => {
    const task = await read(tx, rows.task, id)
    // A person may have changed the state in the meantime.
    if (task?.state.status === 'paused' && task.state.until <= tx.now)
      await applyTaskEvent(tx, id, { kind: 'resume' })
  })
}
