import type { TaskId } from '../model/task.ts'

/** Terminals and GitHub's own lists cut longer names. Characters. */
const MAX_SLUG_LENGTH = 40

/** `mainloop/<id>-<slug>`, the only branch that a task's publish stage may push. */
export function branchName({ id, title }: { id: TaskId, title: string }): string {
  const slug = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z\d]+/g, '-')
    .slice(0, MAX_SLUG_LENGTH)
    .replace(/^-+|-+$/g, '')
  return slug === '' ? `mainloop/${id}` : `mainloop/${id}-${slug}`
}
