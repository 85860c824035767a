import type { Message } from '../model/message.ts'

/** The searchable text of a message, at the edge and on a device: its text and the names of its files. */
export function messageText(message: Message): string {
  if (message.kind === 'task')
    return ''
  const names = message.kind === 'person' ? message.files?.map(({ file }) => file.name) ?? [] : []
  return [message.text, ...names].filter(Boolean).join('\n')
}
