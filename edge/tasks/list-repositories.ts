import type { Task } from '#shared/model/task.ts'
import type { ReadTx } from '#shared/mutators/tx.ts'
import * as z from 'zod'
import { list, rows } from '#shared/model/rows.ts'
import { isFinished } from '#shared/task/state.ts'

export const listRepositoriesInput = z.object({
  limit: z.number().int().min(1).max(100).optional().describe('How many at most; 20 when left out.'),
})
export type ListRepositoriesInput = z.infer<typeof listRepositoriesInput>

const DEFAULT_LIMIT = 20

/** The repositories of all tasks, the last used first, each with what goes on there. */
export async function listRepositories(tx: ReadTx, { limit = DEFAULT_LIMIT }: ListRepositoriesInput): Promise<string> {
  const used = new Map<string, Task[]>()
  for await (const task of list(tx, rows.task)) {
    // GitHub's names differ in more than case.
    const name = task.repository.toLowerCase()
    used.set(name, [...used.get(name) ?? [], task])
  }
  if (used.size === 0)
    return 'No task was about a repository yet. Any repository that the person names as owner/name can be proposed.'

  const lines = [...used.values()]
    .map(tasks => tasks.sort((a, b) => b.createdAt - a.createdAt))
    .sort(([a], [b]) => (b?.createdAt ?? 0) - (a?.createdAt ?? 0))
    .slice(0, limit)
    .map(describe)
  return used.size > limit ? [...lines, `Not listed: ${used.size - limit} more.`].join('\n') : lines.join('\n')
}

function describe(tasks: readonly Task[]): string {
  const [newest] = tasks
  const open = tasks.filter(({ state }) => !isFinished(state)).length
  return newest
    ? `${newest.repository}: ${tasks.length} ${tasks.length === 1 ? 'task' : 'tasks'}, ${open} open; last used ${new Date(newest.createdAt).toISOString().slice(0, 10)}`
    : ''
}
