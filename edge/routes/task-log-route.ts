import type { Context } from 'hono'
import type { DeviceEnv } from './guard.ts'
import { taskId } from '#shared/model/task.ts'
import { logQuery } from '#shared/protocol/log.ts'
import { mainloopOf } from '../bindings.ts'
import { EdgeError } from '../http/edge-error.ts'

/** The lines a worker has printed so far, kept after it is gone. */
export async function taskLog(c: Context<DeviceEnv>): Promise<Response> {
  const id = taskId.safeParse(c.req.param('id'))
  const query = logQuery.safeParse(c.req.query())
  if (!id.success || !query.success)
    throw new EdgeError('bad-request', 'Ask for a task\'s id, and for attempt and after as whole numbers.')
  return mainloopOf(c.env, c.var.identity.person).taskLog(id.data, query.data)
}
