import type { Context } from 'hono'
import type { DeviceEnv } from './guard.ts'
import { mainloopOf } from '../bindings.ts'
import { EdgeError, errorResponse } from '../http/edge-error.ts'

export async function mcp(c: Context<DeviceEnv>): Promise<Response> {
  return c.req.method === 'POST' ? answerPost(c) : refuseMethod()
}

async function answerPost(c: Context<DeviceEnv>): Promise<Response> {
  return mainloopOf(c.env, c.var.identity.person).mcp(c.req.raw, c.var.token)
}

/** A GET asks for a stream of the server's own messages. There are none, and after an empty one a client asks again. */
function refuseMethod(): Response {
  const response = errorResponse(new EdgeError('wrong-method', 'There is no stream and no session here: only POST.'))
  response.headers.set('Allow', 'POST')
  return response
}
