import type { Context } from 'hono'
import type { DeviceEnv } from './guard.ts'
import { mainloopOf } from '../bindings.ts'
import { EdgeError } from '../http/edge-error.ts'

export function push(c: Context<DeviceEnv>): Promise<Response> {
  return mainloopOf(c.env, c.var.identity.person).push(c.req.raw)
}

export function pull(c: Context<DeviceEnv>): Promise<Response> {
  return mainloopOf(c.env, c.var.identity.person).pull(c.req.raw)
}

export function live(c: Context<DeviceEnv>): Promise<Response> {
  return upgrade(c, '/live', { protocol: c.req.query('protocol') ?? '' })
}

export function runner(c: Context<DeviceEnv>): Promise<Response> {
  return upgrade(c, '/runner', {})
}

/** Passes the upgrade to the person's object, with nothing of the request but these parameters and the token's hash. */
function upgrade(c: Context<DeviceEnv>, path: string, parameters: Record<string, string>): Promise<Response> {
  if (c.req.header('Upgrade')?.toLowerCase() !== 'websocket')
    throw new EdgeError('upgrade-required', 'This address takes WebSocket connections only.')
  const { person, tokenHash } = c.var.identity
  const query = new URLSearchParams({ ...parameters, token: tokenHash })
  return mainloopOf(c.env, person).fetch(`http://mainloop${path}?${query}`, { headers: { Upgrade: 'websocket' } })
}
