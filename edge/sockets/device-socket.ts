import * as z from 'zod'
import { AWAY, HERE } from '#shared/protocol/live.ts'
import { cookie } from '#shared/protocol/replicache.ts'

/** Up to where a device's socket was told. */
const subscription = z.object({ clientGroupID: z.string(), cookie })
export type Subscription = z.infer<typeof subscription>

/**
 * What is in a socket's attachment, so that it survives the object's
 * sleep. `here`: whether the person has that page before their eyes.
 */
const attachment = z.object({ subscription: subscription.nullable(), here: z.boolean() })
type Attached = z.infer<typeof attachment>

/** What the attachments say, so that they are read once after a sleep and not for each poke. */
const known = new WeakMap<WebSocket, Attached>()

/** null: it has not pulled yet, or must pull again. */
export function readSubscription(ws: WebSocket): Subscription | null {
  return read(ws).subscription
}

export function writeSubscription(ws: WebSocket, to: Subscription | null): void {
  write(ws, { ...read(ws), subscription: to })
}

export function isPresent(ws: WebSocket): boolean {
  return read(ws).here
}

function writePresence(ws: WebSocket, here: boolean): void {
  write(ws, { ...read(ws), here })
}

/** Takes the bare word by which a device says whether the person is at it; false for any other frame. */
export function takePresence(ws: WebSocket, data: string | ArrayBuffer): boolean {
  if (data !== HERE && data !== AWAY)
    return false
  writePresence(ws, data === HERE)
  return true
}

function read(ws: WebSocket): Attached {
  const attached = known.get(ws)
    ?? attachment.safeParse(ws.deserializeAttachment()).data ?? { subscription: null, here: false }
  known.set(ws, attached)
  return attached
}

function write(ws: WebSocket, attached: Attached): void {
  known.set(ws, attached)
  ws.serializeAttachment(attached)
}
