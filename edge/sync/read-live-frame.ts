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
 * The longest message, with every character escaped, and what surrounds
 * it. Characters; a socket holds no more of a frame in memory.
 */
export const MAX_JOINED_LENGTH = 2_000_000

export type ReadFrame
  = | { kind: 'request', request: LiveRequest }
    /** The answer to one that cannot be served. */
    | { kind: 'answer', answer: LiveDown }
    /** A part; more is to come. */
    | { kind: 'more' }

/** What a device's frame asks for; `join` keeps the parts of this socket. */
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

function readJoined(joined: Joined): ReadFrame {
  switch (joined.kind) {
    case 'more':
      return joined
    case 'broken':
      return {
        kind: 'answer',
        answer: {
          type: 'error',
          request: null,
          message: 'A part of this frame is missing. Send it again.',
          retry: true,
        },
      }
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

/** A client of another version is told so in the protocol's own words, so that it can help itself. */
function explain(json: unknown, error: z.ZodError): LiveDown {
  const { data: envelope } = anyRequest.safeParse(json)
  const read = envelope && (envelope.type === 'push' ? parsePush(envelope.body) : parsePull(envelope.body))
  if (!envelope || !read || read.ok)
    throw new EdgeError('bad-request', `This is not a frame of the live protocol: ${z.prettifyError(error)}`)
  return { type: envelope.type === 'push' ? 'pushed' : 'pulled', request: envelope.request, response: read.problem }
}

const anyRequest = z.object({ type: z.enum(['push', 'pull']), request: z.number().int(), body: z.unknown() })
