import type { Task } from '#shared/model/task.ts'
import { buildTask } from '#shared/testing/build-task.ts'

/** A proposed task with plain values. */
export function task(about: Partial<Task> = {}): Task {
  return buildTask({
    id: 'abcdefghi1',
    title: 'A task',
    repository: 'owner/name',
    brief: 'Do it.',
    createdAt: 0,
    state: { status: 'proposed', since: 0 },
    branch: null,
    attempts: 0,
    ...about,
  })
}
