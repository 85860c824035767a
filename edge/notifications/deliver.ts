import type { Notice } from '#shared/protocol/notifications.ts'
import type { WebPushSubscription } from './subscriptions.ts'
import type { VapidKey } from './vapid-key.ts'
import { buildPushPayload } from '@block65/webcrypto-web-push'
import { readRetryAfter } from '../http/retry-after.ts'

/**
 * `gone`: the subscription has ended for good. `refused`: the push service will never accept this notice. `later`: it
 * may accept it; `at` is the time it asked for (ms since the epoch), null without one.
 */
export type DeliveryResult
  = | { kind: 'delivered' }
    | { kind: 'gone' }
    | { kind: 'refused', why: string }
    | { kind: 'later', why: unknown, at: number | null }

export type SendRequest = (url: string, init: RequestInit) => Promise<Response>

/** A device that is off for longer shows everything in the inbox. Seconds. */
export const NOTICE_TTL_S = 24 * 60 * 60

/** A push service that is up responds much faster. ms. */
const TIMEOUT_MS = 10_000

/** Sends one encrypted notice. Never rejects because of the push service. */
export async function deliver(
  { endpoint, keys, origin }: WebPushSubscription,
  notice: Notice,
  { key, request, now }: { key: VapidKey, request: SendRequest, now: () => number },
): Promise<DeliveryResult> {
  const subject = origin.startsWith('https://') ? origin : 'mailto:nobody@localhost'
  const { headers, method, body } = await buildPushPayload(
    // The topic lets a push service replace what a sleeping device has not fetched yet.
    { data: notice, options: { ttl: NOTICE_TTL_S, topic: notice.tag, urgency: 'high' } },
    { endpoint, keys, expirationTime: null },
    { subject, ...key },
  )
  try {
    // Redirects are not followed, so that a push service cannot make the edge call another host.
    const response = await request(endpoint, {
      method,
      headers,
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    await response.body?.cancel()
    return classifyResponse(response, now())
  }
  catch (why) {
    return { kind: 'later', why, at: null }
  }
}

function classifyResponse({ ok, status, headers }: Response, now: number): DeliveryResult {
  if (ok)
    return { kind: 'delivered' }
  // 401 and 403 mean that the subscription was made for another key of ours, so it will never work.
  if ([401, 403, 404, 410].includes(status))
    return { kind: 'gone' }
  const why = `it answered ${status}`
  return status >= 500 || status === 408 || status === 429
    ? { kind: 'later', why, at: readRetryAfter(headers.get('Retry-After'), now) }
    : { kind: 'refused', why }
}
