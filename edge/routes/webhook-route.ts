import type { Context } from 'hono'
import type { DeviceEnv } from './guard.ts'
import * as z from 'zod'
import { mainloopOf } from '../bindings.ts'
import { parseDelivery } from '../github/parse-delivery.ts'
import { EdgeError } from '../http/edge-error.ts'
import { parseRequestJson } from '../http/parse-request-json.ts'
import { refuse } from './guard.ts'

const headers = z.object({ event: z.string().regex(/^[a-z_]{1,100}$/), id: z.string().regex(/^[\w-]{1,100}$/) })

/**
 * Receives a delivery of GitHub. It is only used as a hint which tasks to poll now, so a delivery that is lost delays
 * nothing for longer than the runner's next poll.
 */
export async function receiveWebhook(c: Context<DeviceEnv>): Promise<Response> {
  const { identity: { person, tokenHash }, signed: { body, signature } } = c.var
  if (c.req.header('Content-Type')?.split(';')[0]?.trim().toLowerCase() !== 'application/json')
    throw new EdgeError('bad-request', 'Set the webhook\'s content type to application/json.')
  const named = headers.safeParse({ event: c.req.header('X-GitHub-Event'), id: c.req.header('X-GitHub-Delivery') })
  if (!named.success)
    throw new EdgeError('bad-request', 'GitHub\'s headers X-GitHub-Event and X-GitHub-Delivery are missing.')

  const content = parseDelivery(named.data.event, parseRequestJson(body))
  if (content.kind === 'unreadable')
    throw new EdgeError('bad-request', `This is not what GitHub describes as ${named.data.event}.`)
  const outcome = await mainloopOf(c.env, person).takeDelivery(tokenHash, {
    content,
    delivery: { id: named.data.id, signature },
  })
  return outcome === null ? refuse(c, 'github', tokenHash) : c.json({ outcome }, 202)
}
