import type { TaskId } from '#shared/model/task.ts'
import type { Store } from '../store/store.ts'
import type { UnfinishedTasks } from '../tasks/unfinished-tasks.ts'
import { read, rows } from '#shared/model/rows.ts'
import { applyTaskEvent } from '#shared/mutators/apply-task-event.ts'

/** Resumes paused tasks when their pauses end. */
export interface PausedTasks {
  /** The end of the first pause, ms since the epoch; null without paused tasks. */
  next: () => number | null
  /** Resumes the tasks whose pauses are over. */
  resume: () => Promise<void>
}

export function createPausedTasks(store: Store, unfinished: UnfinishedTasks): PausedTasks {
  const paused = () =>
    unfinished().flatMap(({ id, state }) => (state.status === 'paused' ? [{ task: id, until: state.until }] : []))

  return {
    next: () => {
      const ends = paused().map(({ until }) => until)
      return ends.length > 0 ? Math.min(...ends) : null
    },
    resume: async () => {
      for (const { task } of paused())
        await resumeTask(store, task)
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
