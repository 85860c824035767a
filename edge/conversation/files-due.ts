import { newestMessages } from '../thread/read-messages.ts'

/** Ten pictures over a slow line. After that the device is probably offline, and the person wants an answer. ms. */
export const FILES_TIMEOUT_MS = 180_000

/** The time until which the next answer waits for uploads of messages after `after`; null without such an upload. */
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
