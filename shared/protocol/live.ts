import * as z from 'zod'
import { logLine } from './log.ts'
import { cookie, pullBody, pullPatch, pullResponse, pushBody, pushResponse, row } from './replicache.ts'

/**
 * Between a device and the edge on its one socket `/api/live`. JSON text frames, and a few bare words, see below.
 *
 * | version | date | change |
 * |---|---|---|
 * | 1 | 2026-11-26 | the first |
 * | 2 | 2026-11-27 | the answer to a push brings the poke that was held back during it |
 * | 3 | 2026-11-30 | the frame `older` is called `history`, the flag
 * `older` of a pull `backfill`, the rows `ask/…` `approval/…` |
 */
export const LIVE_PROTOCOL_VERSION = 3

/** Answered by the platform without waking the object. */
export const PING = 'ping'
export const PONG = 'pong'

/** Also bare words, sent with each change: whether the person is at this device, with the page before their eyes. */
export const HERE = 'here'
export const AWAY = 'away'

const request = z.number().int()

/** A piece of a frame that would be too large; see `parts.ts`. */
export const part = z.object({
  type: z.literal('part'),
  frame: z.number().int(),
  n: z.number().int().nonnegative(),
  last: z.boolean(),
  text: z.string(),
})

export const liveUp = z.discriminatedUnion('type', [
  /**
   * `rescue`: the edge said it does not know where these clients stand;
   * what it has not processed yet is taken from wherever it begins.
   */
  z.object({ type: z.literal('push'), request, body: pushBody, rescue: z.literal(true).optional() }),
  /**
   * The answer also subscribes the socket: from its cookie on, every commit arrives as a
   * poke. `backfill`: there is time for a piece of the older past as well. `recovery`: of
   * rows that an earlier page left on this device; the socket stays subscribed as it is.
   */
  z.object({
    type: z.literal('pull'),
    request,
    body: pullBody,
    backfill: z.literal(true).optional(),
    recovery: z.literal(true).optional(),
  }),
  /** The messages before this sequence number, which are older than what syncs. */
  z.object({ type: z.literal('history'), request, before: z.number().int().positive() }),
  part,
])
export type LiveUp = z.infer<typeof liveUp>
/** What is answered. */
export type LiveRequest = Exclude<LiveUp, { type: 'part' }>

const poke = z.object({ baseCookie: cookie, pull: pullPatch })

export const liveDown = z.discriminatedUnion('type', [
  /** `poke`: what changed meanwhile, the device's own changes among it. It is told nothing while it pushes. */
  z.object({ type: z.literal('pushed'), request, response: pushResponse, poke: poke.optional() }),
  z.object({ type: z.literal('pulled'), request, response: pullResponse }),
  /** A page of the older past, oldest first; `more` when there is something before it. */
  z.object({ type: z.literal('history'), request, rows: z.array(row), more: z.boolean() }),
  /** What changed after `baseCookie`. One that does not fit is answered with a pull, never with a guess. */
  poke.extend({ type: z.literal('poke') }),
  /** Something changed; pull. Sent when a patch would be too large or its base is unknown. */
  z.object({ type: z.literal('changed') }),
  /** A piece of a reply: `text` begins at character `offset` of the message stored under `key`. */
  z.object({ type: z.literal('text'), key: z.string(), offset: z.number().int().nonnegative(), text: z.string() }),
  /** Lines of a worker's log as they come; the whole log is at `/api/tasks/<id>/log`. */
  z.object({ type: z.literal('log'), task: z.string(), lines: z.array(logLine) }),
  /** The request could not be served; `retry` says whether the same request may work later. */
  z.object({ type: z.literal('error'), request: request.nullable(), message: z.string(), retry: z.boolean() }),
  part,
])
export type LiveDown = z.infer<typeof liveDown>

/** Why the edge closes a socket (RFC 6455 §7.4.2, 4000–4999 are the application's). */
export const CLOSE = {
  /** The token is unknown or was revoked: do not come back without a new one. */
  unauthorized: 4401,
  /** The token it was opened with has expired: come back with the one that followed it. */
  expired: 4403,
  /** Another version of the app is needed. */
  version: 4426,
  /** A newer connection of the same runner holds the lease. */
  superseded: 4409,
  /** What was sent could not be understood. */
  protocol: 4400,
  /** More was sent than one device has to say; come back later. */
  flood: 4429,
  /** Nothing was heard for too long; come back. */
  idle: 4408,
} as const
