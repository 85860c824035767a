import type { Context } from 'hono'
import type { DeviceEnv } from './guard.ts'
import { taskId } from '#shared/model/task.ts'
import { taskDecision } from '#shared/protocol/tasks.ts'
import { mainloopOf } from '../bindings.ts'
import { EdgeError } from '../http/edge-error.ts'
import { parseJson } from '../http/parse-json.ts'

/** All tasks, for the command line. */
export function listTasksRoute(c: Context<DeviceEnv>): Promise<Response> {
  return mainloopOf(c.env, c.var.identity.person).tasks()
}

/** Cancels a task, or tries it again. */
export async function decideTaskRoute(c: Context<DeviceEnv>): Promise<Response> {
  const id = taskId.safeParse(c.req.param('id'))
  const decision = taskDecision.safeParse(parseJson(await c.req.text()))
  if (!id.success || !decision.success)
    throw new EdgeError('bad-request', 'Name a task by its id, and send {"kind":"cancel"} or {"kind":"retry"}.')
  return mainloopOf(c.env, c.var.identity.person).decideTask(id.data, decision.data)
}
