import type { Task } from '#shared/model/task.ts'
import type { ReadTx } from '#shared/mutators/tx.ts'
import * as z from 'zod'
import { list, rows } from '#shared/model/rows.ts'
import { isFinished } from '#shared/task/state.ts'
import { count } from '#shared/task/transition-builders.ts'

export const listRepositoriesInput = z.object({
  limit: z.number().int().min(1).max(100).optional().describe('How many at most; 20 when left out.'),
})
export type ListRepositoriesInput = z.infer<typeof listRepositoriesInput>

const DEFAULT_LIMIT = 20

/** The repositories of all tasks as lines of text, the last used first, with counts of their tasks. */
export async function listRepositories(tx: ReadTx, { limit = DEFAULT_LIMIT }: ListRepositoriesInput): Promise<string> {
  const used = new Map<string, Task[]>()
  for await (const task of list(tx, rows.task)) {
    // Names that differ only in case are the same repository on GitHub.
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
  if (!newest)
    return ''
  const day = new Date(newest.createdAt).toISOString().slice(0, 10)
  return `${newest.repository}: ${count(tasks.length, 'task')}, ${open} open; last used ${day}`
}
