import type { Message } from '#shared/model/message.ts'
import type { Task } from '#shared/model/task.ts'
import { unreachable } from '#shared/lib/unreachable.ts'
import { MESSAGE_PREFIX } from '#shared/model/message.ts'
import { NOTE_PREFIX } from '#shared/model/note.ts'
import { rows } from '#shared/model/rows.ts'
import { TASK_PREFIX } from '#shared/model/task.ts'
import { messageText } from '#shared/search/message-text.ts'
import { decodeRow } from '../store/rows.ts'

export interface IndexText { text: string, at: number }

/** The searchable text of a row and its time; null for a row that is not searched, or not yet. */
export function indexText(key: string, value: string): IndexText | null {
  if (key.startsWith(MESSAGE_PREFIX))
    return messageIndex(decodeRow(rows.message, key, value))
  if (key.startsWith(NOTE_PREFIX)) {
    const note = decodeRow(rows.note, key, value)
    return note ? { text: note.text, at: note.changedAt } : null
  }
  if (key.startsWith(TASK_PREFIX)) {
    const task = decodeRow(rows.task, key, value)
    return task ? { text: taskText(task), at: task.createdAt } : null
  }
  return null
}

export function taskText({
  title,
  repository,
  brief,
  plan,
}: Pick<Task, 'title' | 'repository' | 'brief' | 'plan'>): string {
  return [title, repository, brief, plan].filter(Boolean).join('\n\n')
}

function messageIndex(message: Message | undefined): IndexText | null {
  switch (message?.kind) {
    case undefined:
      return null
    case 'person':
    case 'event':
      return { text: messageText(message), at: message.at }
    case 'claude':
      // A streaming row changes with every checkpoint; only its final text is indexed.
      return message.state === 'streaming' ? null : { text: message.text, at: message.at }
    case 'task':
      return null
    default:
      return unreachable(message)
  }
}
