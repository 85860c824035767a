import { message } from '#shared/model/message.ts'

/** The text of a person's message; null for every other row. */
export function messageText(row: unknown): string | null {
  const { data } = message.safeParse(row)
  return data?.kind === 'person' ? data.text : null
}
