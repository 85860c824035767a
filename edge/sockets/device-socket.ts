import * as z from 'zod'
import { ABSENT, PRESENT } from '#shared/protocol/live.ts'
import { cookie } from '#shared/protocol/replicache.ts'

/** The rows that a device's socket has received. */
const subscription = z.object({ clientGroupID: z.string(), cookie })
export type Subscription = z.infer<typeof subscription>

/** A socket's attachment, which survives the object's sleep. `here` is true while the person looks at the page. */
const attachment = z.object({
  subscription: subscription.nullable(),
  here: z.boolean(),
  /** The time of its last frame; after a sleep, of the accept or the last write. ms since the epoch. */
  heardAt: z.number().default(0),
})
type Attached = z.infer<typeof attachment>

/** Caches the attachments, so that they are read once after a sleep and not for each poke. */
const cache = new WeakMap<WebSocket, Attached>()

/** The socket's subscription; null when it has not pulled yet, or must pull again. */
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

export function deviceHeardAt(ws: WebSocket): number {
  return read(ws).heardAt
}

/** Must be called for an accepted socket: an idle timeout counts from here, also after a sleep of the object. */
export function attachDevice(ws: WebSocket, at: number): void {
  write(ws, { ...read(ws), heardAt: at })
}

/** Keeps the time of a frame in memory only, since a write for each frame would cost more than the frame. */
export function deviceHeard(ws: WebSocket, at: number): void {
  cache.set(ws, { ...read(ws), heardAt: at })
}

/** Handles the bare word by which a device reports presence; false for any other frame. */
export function takePresence(ws: WebSocket, data: string | ArrayBuffer): boolean {
  if (data !== PRESENT && data !== ABSENT)
    return false
  writePresence(ws, data === PRESENT)
  return true
}

function read(ws: WebSocket): Attached {
  const attached = cache.get(ws)
    ?? attachment.safeParse(ws.deserializeAttachment()).data ?? { subscription: null, here: false, heardAt: 0 }
  cache.set(ws, attached)
  return attached
}

function write(ws: WebSocket, attached: Attached): void {
  cache.set(ws, attached)
  ws.serializeAttachment(attached)
}
