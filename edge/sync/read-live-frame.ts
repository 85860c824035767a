import type { LiveDown, LiveRequest } from '#shared/protocol/live.ts'
import type { Joined, Part } from '#shared/protocol/parts.ts'
import * as z from 'zod'
import { unreachable } from '#shared/lib/unreachable.ts'
import { MAX_FRAME_BYTES } from '#shared/model/limits.ts'
import { liveUp } from '#shared/protocol/live.ts'
import { EdgeError } from '../http/edge-error.ts'
import { parseRequestJson } from '../http/parse-request-json.ts'
import { fitsIn } from '../text/fits-in.ts'
import { parsePull, parsePush } from './parse-replicache.ts'

/**
 * Fits the longest message with every character escaped, and its envelope. A socket holds no more of a frame in
 * memory. Characters.
 */
export const MAX_JOINED_LENGTH = 2_000_000

export type ReadFrame
  = | { kind: 'request', request: LiveRequest }
    /** The error to send for a frame that cannot be served. */
    | { kind: 'answer', answer: LiveDown }
    /** The frame was a part, and more parts follow. */
    | { kind: 'more' }

/** Reads the request in a device's frame; `join` keeps the parts of its socket. */
export function readLiveFrame(data: string | ArrayBuffer, join: (part: Part) => Joined): ReadFrame {
  let json: unknown
  try {
    json = parseFrame(data)
    const parsed = liveUp.safeParse(json)
    if (!parsed.success)
      return { kind: 'answer', answer: explain(json, parsed.error) }
    return parsed.data.type === 'part' ? readJoined(join(parsed.data)) : { kind: 'request', request: parsed.data }
  }
  catch (error) {
    if (!(error instanceof EdgeError))
      throw error
    const request = numbered.safeParse(json).data?.request ?? null
    return { kind: 'answer', answer: { type: 'error', request, message: error.message, retry: false } }
  }
}

const numbered = z.object({ request: z.number() })

const MISSING_PART: LiveDown = {
  type: 'error',
  request: null,
  message: 'A part of this frame is missing. Send it again.',
  retry: true,
}

function readJoined(joined: Joined): ReadFrame {
  switch (joined.kind) {
    case 'more':
      return joined
    case 'broken':
      return { kind: 'answer', answer: MISSING_PART }
    case 'too-large':
      throw new EdgeError(
        'too-large',
        `A frame can have ${MAX_JOINED_LENGTH.toLocaleString('en')} characters at most, in all its parts.`,
      )
    case 'whole': {
      const json = parseRequestJson(joined.text)
      const parsed = liveUp.safeParse(json)
      if (!parsed.success)
        return { kind: 'answer', answer: explain(json, parsed.error) }
      if (parsed.data.type === 'part')
        throw new EdgeError('bad-request', 'Parts cannot have parts.')
      return { kind: 'request', request: parsed.data }
    }
    default:
      return unreachable(joined)
  }
}

function parseFrame(data: string | ArrayBuffer): unknown {
  if (typeof data !== 'string')
    throw new EdgeError('bad-request', 'Frames are JSON text, not bytes.')
  if (!fitsIn(data, MAX_FRAME_BYTES)) {
    throw new EdgeError(
      'too-large',
      `A frame can have ${MAX_FRAME_BYTES.toLocaleString('en')} bytes at most; larger ones travel in parts.`,
    )
  }
  return parseRequestJson(data)
}

/** Answers a client of another version in the protocol's own terms, so that it can recover. Throws for other frames. */
function explain(json: unknown, error: z.ZodError): LiveDown {
  const { data: envelope } = anyRequest.safeParse(json)
  const read = envelope && (envelope.type === 'push' ? parsePush(envelope.body) : parsePull(envelope.body))
  if (!envelope || !read || read.ok)
    throw new EdgeError('bad-request', `This is not a frame of the live protocol: ${z.prettifyError(error)}`)
  return { type: envelope.type === 'push' ? 'pushed' : 'pulled', request: envelope.request, response: read.problem }
}

const anyRequest = z.object({ type: z.enum(['push', 'pull']), request: z.number().int(), body: z.unknown() })
