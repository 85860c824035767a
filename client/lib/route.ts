import type { TaskId } from '#shared/model/task.ts'
import { taskId } from '#shared/model/task.ts'

/**
 * The current page. On a phone it fills the display; on a desktop
 * the chat stays, and the other pages open beside or above it.
 */
export type Route
  = | { page: 'chat' }
    | { page: 'tasks' }
    | { page: 'task', id: TaskId }
    | { page: 'inbox' }
    | { page: 'settings' }
    | { page: 'search' }

/** The page at a path; an unknown path is the chat. */
export function parseRoute(path: string): Route {
  const [page, id] = path.split('/').filter(Boolean)
  if (page === 'inbox' || page === 'settings' || page === 'search')
    return { page }
  if (page !== 'tasks')
    return { page: 'chat' }
  const parsed = taskId.safeParse(id)
  return parsed.success ? { page: 'task', id: parsed.data } : { page: 'tasks' }
}

export function pathOf(route: Route): string {
  switch (route.page) {
    case 'chat': return '/'
    case 'tasks': return '/tasks'
    case 'task': return `/tasks/${route.id}`
    case 'inbox': return '/inbox'
    case 'settings': return '/settings'
    case 'search': return '/search'
  }
}
