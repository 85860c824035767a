import type { IncomingMessage, ServerResponse } from 'node:http'
import { unreachable } from '#shared/lib/unreachable.ts'

/** What goes wrong with the real Messages API and what aimock does not play. */
export type Fault
  = | { kind: 'unauthorized' }
    | { kind: 'rate-limited', retryAfterSeconds: number }
    /** A subscription's usage limit; `resetsAt` in seconds since the epoch, as in the real header. */
    | { kind: 'usage-limit', resetsAt: number }
    | { kind: 'overloaded' }
    /** Takes the request and says nothing, ever. */
    | { kind: 'hang' }
    /** Breaks the connection after so many events of the answer. */
    | { kind: 'cut', afterEvents: number }
    /** Falls silent after so many events of the answer and keeps the connection. */
    | { kind: 'stall', afterEvents: number }
    /** Answers 200 with events that are not what they should be. */
    | { kind: 'garbage' }

/** Those that need no answer of the script to begin with. */
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
      // Read, so that the client has nothing left to send and can only wait.
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

const GARBAGE = [
  'event: message_start\ndata: {"type":"message_start","message":{"id":"msg_x","type":"message","role":"assistant","model":"x","content":[],"usage":{"input_tokens":1,"output_tokens":1}}}',
  'event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"hologram"}}',
  'event: content_block_delta\ndata: {"type":"content_block_delta","index":',
  'event: \u0000\ndata: <html>Bad gateway</html>',
  '',
].join('\n\n')

function refuse(response: ServerResponse, status: number, type: string, message: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_stage', ...headers })
  response.end(JSON.stringify({ type: 'error', error: { type, message }, request_id: 'req_stage' }))
}
