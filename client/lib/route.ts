import type { TaskId } from '#shared/model/task.ts'
import { taskId } from '#shared/model/task.ts'

/** Which screen: on a phone each fills it, on a desktop the thread stays and the others come beside or above it. */
export type Route
  = | { screen: 'chat' }
    | { screen: 'tasks' }
    | { screen: 'task', id: TaskId }
    | { screen: 'inbox' }
    | { screen: 'settings' }
    | { screen: 'search' }

/** The screen of an address; one that does not exist is the chat. */
export function parseRoute(path: string): Route {
  const [screen, id] = path.split('/').filter(Boolean)
  if (screen === 'inbox' || screen === 'settings' || screen === 'search')
    return { screen }
  if (screen !== 'tasks')
    return { screen: 'chat' }
  const parsed = taskId.safeParse(id)
  return parsed.success ? { screen: 'task', id: parsed.data } : { screen: 'tasks' }
}

export function pathOf(route: Route): string {
  switch (route.screen) {
    case 'chat': return '/'
    case 'tasks': return '/tasks'
    case 'task': return `/tasks/${route.id}`
    case 'inbox': return '/inbox'
    case 'settings': return '/settings'
    case 'search': return '/search'
  }
}
