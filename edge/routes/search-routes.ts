import type { Context } from 'hono'
import type { DeviceEnv } from './guard.ts'
import { aroundQuery, searchQuery } from '#shared/protocol/search.ts'
import { mainloopOf } from '../bindings.ts'
import { EdgeError } from '../http/edge-error.ts'

/** Searches for any text: there is no syntax that a person could get wrong. */
export async function searchRoute(c: Context<DeviceEnv>): Promise<Response> {
  const query = searchQuery.safeParse(c.req.query())
  if (!query.success)
    throw new EdgeError('bad-request', 'This is too long to search for.')
  return mainloopOf(c.env, c.var.identity.person).search(query.data.q)
}

export async function messagesRoute(c: Context<DeviceEnv>): Promise<Response> {
  const query = aroundQuery.safeParse(c.req.query())
  if (!query.success)
    throw new EdgeError('bad-request', 'Ask for the number of a message.')
  return mainloopOf(c.env, c.var.identity.person).messagesAround(query.data.around)
}
