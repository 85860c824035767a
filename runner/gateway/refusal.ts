import type { ServerResponse } from 'node:http'
import type { Stop } from './ledger.ts'
import { unreachable } from '#shared/lib/unreachable.ts'

/** An answer of the gateway itself, in the form of the Messages API, so that its clients understand it. */
export interface Refusal {
  status: number
  type: string
  message: string
  headers?: Record<string, string>
}

/** Clients retry by themselves; this header tells them when that is useless. */
const NO_RETRY = { 'x-should-retry': 'false' }

export const REFUSALS = {
  unknownToken: {
    status: 401,
    type: 'authentication_error',
    message: 'This token belongs to no attempt that is under way.',
    headers: NO_RETRY,
  },
  /** The runner has just started and does not know the attempts yet. */
  notReady: {
    status: 503,
    type: 'api_error',
    message: 'The gateway is starting.',
    headers: { 'retry-after': '1', 'x-should-retry': 'true' },
  },
  noCredential: {
    status: 401,
    type: 'authentication_error',
    message: 'The runner has no credential for the model. Set ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN for it',
    headers: NO_RETRY,
  },
  noSuchPath: {
    status: 404,
    type: 'not_found_error',
    message: 'The gateway knows POST /v1/messages and POST /v1/messages/count_tokens only.',
    headers: NO_RETRY,
  },
  tooLarge: {
    status: 413,
    type: 'request_too_large',
    message: 'The request is larger than the Messages API takes.',
    headers: NO_RETRY,
  },
  tooMany: {
    status: 429,
    type: 'rate_limit_error',
    message: 'This attempt has too many requests under way.',
    headers: { 'retry-after': '1' },
  },
} as const satisfies Record<string, Refusal>

export function unreachableModel(why: string): Refusal {
  return { status: 502, type: 'api_error', message: `The model cannot be reached: ${why}.` }
}

/** The refusal because a budget or the account's limit is used up. */
export function stopRefusal(stop: Stop): Refusal {
  switch (stop.kind) {
    case 'budget':
      return { status: 402, type: 'billing_error', message: stop.why, headers: NO_RETRY }
    case 'day':
    case 'limit':
      return {
        status: 429,
        type: 'rate_limit_error',
        message: stop.why,
        // The same headers as a subscription's limit, so that Claude Code does not retry before the reset.
        headers: {
          ...NO_RETRY,
          'anthropic-ratelimit-unified-status': 'rejected',
          'anthropic-ratelimit-unified-reset': String(Math.ceil(stop.until / 1000)),
        },
      }
    default:
      return unreachable(stop)
  }
}

export function refuse(response: ServerResponse, { status, type, message, headers = {} }: Refusal): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body(type, message)))
}

/** The last event of a stream that is cut; its leading empty line ends an incomplete event. */
export function lastEvent({ type, message }: Refusal): string {
  return `\n\nevent: error\ndata: ${JSON.stringify(body(type, message))}\n\n`
}

function body(type: string, message: string) {
  return { type: 'error', error: { type, message } }
}
