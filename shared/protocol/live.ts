import * as z from 'zod'
import { logLine } from './log.ts'
import { part } from './parts.ts'
import { cookie, pullBody, pullPatch, pullResponse, pushBody, pushResponse, row } from './replicache.ts'

/**
 * The protocol between a device and the edge on the socket `/api/live`: JSON text frames, and the bare words below.
 *
 * | version | date | change |
 * |---|---|---|
 * | 1 | 2026-11-26 | the first |
 * | 2 | 2026-11-27 | the answer to a push brings the poke that was held back during it |
 * | 3 | 2026-11-30 | renamed: frame `older` → `history`, pull flag `older` → `backfill`, rows `ask/…` → `approval/…` |
 */
export const LIVE_PROTOCOL_VERSION = 3

/** Answered by the platform without waking the object. */
export const PING = 'ping'
export const PONG = 'pong'

/** Bare words as well, sent when presence changes: whether the person has the page before their eyes. */
export const PRESENT = 'here'
export const ABSENT = 'away'

const request = z.number().int()

export const liveUp = z.discriminatedUnion('type', [
  /** `rescue`: the edge does not know these clients, so it accepts their mutations from any id on. */
  z.object({ type: z.literal('push'), request, body: pushBody, rescue: z.literal(true).optional() }),
  /**
   * The response also subscribes the socket: from its cookie on, every commit arrives as a poke. `backfill`: the
   * device has time for a history page as well. `recovery`: the pull is for the rows of an earlier page on this
   * device and leaves the socket's subscription unchanged.
   */
  z.object({
    type: z.literal('pull'),
    request,
    body: pullBody,
    backfill: z.literal(true).optional(),
    recovery: z.literal(true).optional(),
  }),
  /** Requests the messages before this sequence number, which are older than the window. */
  z.object({ type: z.literal('history'), request, before: z.number().int().positive() }),
  part,
])
export type LiveUp = z.infer<typeof liveUp>
/** A frame that gets a response. */
export type LiveRequest = Exclude<LiveUp, { type: 'part' }>

const poke = z.object({ baseCookie: cookie, pull: pullPatch })

export const liveDown = z.discriminatedUnion('type', [
  /** `poke`: the changes since the push began, the device's own included; pokes are held back during a push. */
  z.object({ type: z.literal('pushed'), request, response: pushResponse, poke: poke.optional() }),
  z.object({ type: z.literal('pulled'), request, response: pullResponse }),
  /** A history page, oldest first; `more` when there are older messages. */
  z.object({ type: z.literal('history'), request, rows: z.array(row), more: z.boolean() }),
  /** The changes after `baseCookie`. A device with another cookie pulls; it never guesses. */
  poke.extend({ type: z.literal('poke') }),
  /** Tells the device to pull. Sent when a patch would be too large or its base is unknown. */
  z.object({ type: z.literal('changed') }),
  /** A piece of a reply: `text` begins at character `offset` of the message stored under `key`. */
  z.object({ type: z.literal('text'), key: z.string(), offset: z.number().int().nonnegative(), text: z.string() }),
  /** New lines of a worker's log; the whole log is at `/api/tasks/<id>/log`. */
  z.object({ type: z.literal('log'), task: z.string(), lines: z.array(logLine) }),
  /** The request failed; `retry` says whether the same request may succeed later. */
  z.object({ type: z.literal('error'), request: request.nullable(), message: z.string(), retry: z.boolean() }),
  part,
])
export type LiveDown = z.infer<typeof liveDown>

/** Codes with which the edge closes a socket (RFC 6455 §7.4.2: 4000–4999 are the application's). */
export const CLOSE = {
  /** The token is unknown or was revoked: reconnect only with a new one. */
  unauthorized: 4401,
  /** The socket's token has expired: reconnect with its successor. */
  expired: 4403,
  /** The protocol version is not supported. */
  version: 4426,
  /** A newer connection of the same runner holds the lease. */
  superseded: 4409,
  /** A frame could not be parsed. */
  protocol: 4400,
  /** A part of a frame is missing, as after a restart of the edge: reconnect and send it again. */
  incomplete: 4424,
  /** The edge failed to handle a frame; reconnect later. */
  failed: 4500,
  /** More frames than one device needs; reconnect later. */
  flood: 4429,
  /** The last ping is too old; reconnect. */
  idle: 4408,
} as const
