import type { Notice } from '#shared/protocol/notifications.ts'
import type { WebPushSubscription } from './subscriptions.ts'
import type { VapidKey } from './vapid-key.ts'
import { buildPushPayload } from '@block65/webcrypto-web-push'
import { readRetryAfter } from '../http/retry-after.ts'

/**
 * `gone`: the subscription is over and will not come back. `refused`: this notice will never be taken. `later`: it
 * may be; `at` is when the push service wants to be asked again, null when it did not say (ms since the epoch).
 */
export type DeliveryResult
  = | { kind: 'delivered' }
    | { kind: 'gone' }
    | { kind: 'refused', why: string }
    | { kind: 'later', why: unknown, at: number | null }

export type SendRequest = (url: string, init: RequestInit) => Promise<Response>

/** Who has a device off for longer finds everything in the inbox. Seconds. */
export const NOTICE_TTL_S = 24 * 60 * 60

/** A push service answers at once or not at all. ms */
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
    // A push service that sends us elsewhere is none.
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
  // 403 and 401: it was made for another key of ours, so this one will never be taken.
  if ([401, 403, 404, 410].includes(status))
    return { kind: 'gone' }
  const why = `it answered ${status}`
  return status >= 500 || status === 408 || status === 429
    ? { kind: 'later', why, at: readRetryAfter(headers.get('Retry-After'), now) }
    : { kind: 'refused', why }
}
