import { message } from '#shared/model/message.ts'

/** What a person said in this row; null for every other row. */
export function messageText(row: unknown): string | null {
  const { data } = message.safeParse(row)
  return data?.kind === 'person' ? data.text : null
}
