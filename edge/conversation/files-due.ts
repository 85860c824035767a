import { newestMessages } from '../thread/read-messages.ts'

/** Ten pictures over a slow line. Longer than that the device is probably gone, and the person wants an answer. ms. */
export const FILES_TIMEOUT_MS = 180_000

/** Until when the answer to what was said after this place waits for files on their way; null when none is. */
export function filesDue(sql: SqlStorage, { after, now }: { after: number, now: number }): number | null {
  let due: number | null = null
  for (const { message } of newestMessages(sql, { after })) {
    if (message.kind !== 'person' || !message.files?.some(({ state }) => state === 'coming'))
      continue
    const until = message.at + FILES_TIMEOUT_MS
    if (until > now)
      due = Math.max(due ?? until, until)
  }
  return due
}
