import type { ModelFailure } from './model.ts'
import { APIConnectionError, APIError } from '@anthropic-ai/sdk'
import { readRetryAfter } from '../http/retry-after.ts'
import { BrokenReply } from './anthropic-reply.ts'

/** A longer wait is a proxy's mistake, or longer than a person would wait. */
const MAX_RETRY_AFTER_MS = 7 * 24 * 3600_000

/** Maps an error of the SDK to a failure. `silent`: the idle timeout aborted the request. */
export function anthropicFailure(error: unknown, { now, silent }: { now: number, silent: boolean }): ModelFailure {
  if (silent)
    return { kind: 'unavailable', message: 'Claude went silent in the middle of its reply. Try again in a while.' }
  if (error instanceof BrokenReply)
    return { kind: 'cut', message: error.garbled ? GARBLED : BROKE_OFF }
  if (error instanceof APIConnectionError) {
    return {
      kind: 'unavailable',
      message: 'Claude could not be reached. Check the network and ANTHROPIC_BASE_URL, then try again.',
    }
  }
  if (error instanceof APIError)
    return answered(error, now)
  // All other errors come from reading the stream: invalid JSON, invalid text, or a closed connection.
  return { kind: 'cut', message: error instanceof SyntaxError ? GARBLED : BROKE_OFF }
}

const GARBLED = 'Claude\'s answer could not be understood. Try again.'
const BROKE_OFF = 'The connection to Claude broke off. Try again.'

function answered(error: APIError, now: number): ModelFailure {
  const { status, type, headers } = error
  const detail = error.apiMessage ? ` (${error.apiMessage.slice(0, 500)})` : ''
  if (type === 'billing_error' || status === 402 || /credit balance/i.test(error.apiMessage ?? '')) {
    return {
      kind: 'balance',
      message: `The Anthropic account cannot pay for this. Add credit in its console, then try again${detail}.`,
    }
  }
  if (status === 401 || status === 403 || type === 'authentication_error' || type === 'permission_error') {
    return {
      kind: 'credential',
      message: `Anthropic does not accept the key. Set ANTHROPIC_API_KEY to a valid one, then try again${detail}.`,
    }
  }
  if (status === 429 || type === 'rate_limit_error')
    return { kind: 'rate-limited', message: 'Anthropic\'s rate limit is reached.', retryAt: retryAt(headers, now) }
  if (status === 529 || type === 'overloaded_error')
    return { kind: 'overloaded', message: 'Claude is overloaded.', retryAt: retryAt(headers, now) }
  if (status === 404) {
    return {
      kind: 'bad-request',
      message: `Anthropic does not know this model. Check MODEL in the configuration${detail}.`,
    }
  }
  if (status === undefined)
    return { kind: 'cut', message: `Claude broke off with an error. Try again${detail}.` }
  if (status === 408 || status === 409 || status >= 500)
    return { kind: 'unavailable', message: `Anthropic has a problem (${status}). Try again in a while.` }
  return { kind: 'bad-request', message: `Anthropic refused the request${detail}. Write it differently or shorter.` }
}

/** ms since the epoch, or null. A subscription's limit has its reset time in a header of its own, in seconds. */
function retryAt(headers: Headers | undefined, now: number): number | null {
  const reset = headers?.get('anthropic-ratelimit-unified-reset') ?? ''
  const at = readRetryAfter(headers?.get('retry-after'), now) ?? (/^\d+$/.test(reset) ? Number(reset) * 1000 : null)
  return at === null || at > now + MAX_RETRY_AFTER_MS ? null : Math.max(at, now)
}
