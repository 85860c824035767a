/**
 * When to ask again by a `retry-after`, which is seconds or a date (RFC
 * 9110 §10.2.3), in ms since the epoch; null when it says neither.
 */
export function readRetryAfter(header: string | null | undefined, now: number): number | null {
  const at = header && /^\d+(?:\.\d+)?$/.test(header) ? now + Number(header) * 1000 : Date.parse(header ?? '')
  return Number.isFinite(at) ? at : null
}
