import type { Context } from 'hono'
import type { DeviceEnv } from './guard.ts'
import { mainloopOf } from '../bindings.ts'

export async function mcp(c: Context<DeviceEnv>): Promise<Response> {
  return mainloopOf(c.env, c.var.identity.person).mcp(c.req.raw, c.var.token)
}
