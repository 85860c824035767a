/** Parses `retry-after`, seconds or a date (RFC 9110 §10.2.3), to ms since the epoch; null for neither. */
export function readRetryAfter(header: string | null | undefined, now: number): number | null {
  const at = header && /^\d+(?:\.\d+)?$/.test(header) ? now + Number(header) * 1000 : Date.parse(header ?? '')
  return Number.isFinite(at) ? at : null
}
