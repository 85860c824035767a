import type { Context } from 'hono'
import type { DeviceEnv } from './guard.ts'
import { taskId } from '#shared/model/task.ts'
import { logQuery } from '#shared/protocol/log.ts'
import { taskDecision } from '#shared/protocol/tasks.ts'
import { mainloopOf } from '../bindings.ts'
import { EdgeError } from '../http/edge-error.ts'
import { parseRequestJson } from '../http/parse-request-json.ts'

/** Lists all tasks, for the command line. */
export function listTasksRoute(c: Context<DeviceEnv>): Promise<Response> {
  return mainloopOf(c.env, c.var.identity.person).tasks()
}

/** Cancels or retries a task, or marks its pull request ready. */
export async function decideTaskRoute(c: Context<DeviceEnv>): Promise<Response> {
  const id = taskId.safeParse(c.req.param('id'))
  const decision = taskDecision.safeParse(parseRequestJson(await c.req.text()))
  if (!id.success || !decision.success)
    throw new EdgeError('bad-request', `Name a task by its id, and send ${DECISIONS}.`)
  return mainloopOf(c.env, c.var.identity.person).decideTask(id.data, decision.data)
}

const DECISIONS = '{"kind":"cancel"}, {"kind":"retry"} or {"kind":"mark-ready","expectedHead":"…"}'

/** Reads the lines that a worker has printed so far; they stay after it has ended. */
export async function taskLog(c: Context<DeviceEnv>): Promise<Response> {
  const id = taskId.safeParse(c.req.param('id'))
  const query = logQuery.safeParse(c.req.query())
  if (!id.success || !query.success)
    throw new EdgeError('bad-request', 'Ask for a task\'s id, and for attempt and after as whole numbers.')
  return mainloopOf(c.env, c.var.identity.person).taskLog(id.data, query.data)
}
