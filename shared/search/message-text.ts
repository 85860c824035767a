import type { Message } from '../model/message.ts'

/** What a search finds of a message, at the edge and on a device: its words, and the names of its files. */
export function messageText(message: Message): string {
  if (message.kind === 'task')
    return ''
  const names = message.kind === 'person' ? message.files?.map(({ file }) => file.name) ?? [] : []
  return [message.text, ...names].filter(Boolean).join('\n')
}
