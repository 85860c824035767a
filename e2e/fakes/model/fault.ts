import type { IncomingMessage, ServerResponse } from 'node:http'
import { unreachable } from '#shared/lib/unreachable.ts'

/** Failures of the real Messages API that aimock does not imitate. */
export type Fault
  = | { kind: 'unauthorized' }
    | { kind: 'rate-limited', retryAfterSeconds: number }
    /** A subscription's usage limit; `resetsAt` is in seconds since the epoch, like the real header. */
    | { kind: 'usage-limit', resetsAt: number }
    | { kind: 'overloaded' }
    /** Takes the request and never responds. */
    | { kind: 'hang' }
    /** Breaks the connection after this many events of the stream. */
    | { kind: 'cut', afterEvents: number }
    /** Sends this many events of the stream and then nothing, but keeps the connection. */
    | { kind: 'stall', afterEvents: number }
    /** Responds with status 200 and malformed events. */
    | { kind: 'garbage' }

/** Faults that do not need the scripted reply. */
type Immediate = Exclude<Fault, { kind: 'cut' | 'stall' }>

export function sendFault(fault: Immediate, request: IncomingMessage, response: ServerResponse): void {
  switch (fault.kind) {
    case 'unauthorized':
      return refuse(response, 401, 'authentication_error', 'invalid x-api-key')
    case 'rate-limited':
      return refuse(response, 429, 'rate_limit_error', 'This request would exceed your rate limit.', { 'retry-after': String(fault.retryAfterSeconds) })
    case 'usage-limit':
      return refuse(response, 429, 'rate_limit_error', 'You have reached your usage limit.', {
        'anthropic-ratelimit-unified-status': 'rejected',
        'anthropic-ratelimit-unified-reset': String(fault.resetsAt),
        'anthropic-ratelimit-unified-representative-claim': 'five_hour',
      })
    case 'overloaded':
      return refuse(response, 529, 'overloaded_error', 'Overloaded')
    case 'hang':
      // The request is read, so that the client has sent all of it and waits for the response.
      request.resume()
      return
    case 'garbage':
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end(GARBAGE)
      return
    default:
      return unreachable(fault)
  }
}

const MESSAGE = '{"id":"msg_x","type":"message","role":"assistant","model":"x","content":[],"usage":{"input_tokens":1,"output_tokens":1}}'
const GARBAGE = [
  `event: message_start\ndata: {"type":"message_start","message":${MESSAGE}}`,
  'event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"hologram"}}',
  'event: content_block_delta\ndata: {"type":"content_block_delta","index":',
  'event: \u0000\ndata: <html>Bad gateway</html>',
  '',
].join('\n\n')

function refuse(response: ServerResponse, status: number, type: string, message: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_fake', ...headers })
  response.end(JSON.stringify({ type: 'error', error: { type, message }, request_id: 'req_fake' }))
}
