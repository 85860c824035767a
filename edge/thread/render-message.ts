import type { Message, PersonMessage } from '#shared/model/message.ts'
import type { Task, TaskId } from '#shared/model/task.ts'
import { unreachable } from '#shared/lib/unreachable.ts'
import { untrusted } from '#shared/text/untrusted.ts'
import { renderFile } from './render-file.ts'

export interface RenderedMessage { role: 'user' | 'assistant', text: string }

/** A message as the model reads it. */
export function renderMessage(message: Message, task: (id: TaskId) => Task | undefined): RenderedMessage {
  switch (message.kind) {
    case 'person': return { role: 'user', text: personText(message) }
    case 'claude': return { role: 'assistant', text: message.text + ENDINGS[message.state] }
    case 'task': {
      const proposed = task(message.task)
      const about = proposed ? `for ${proposed.repository}: ${proposed.title}` : 'and is gone'
      return { role: 'user', text: `[Task ${message.task} was proposed ${about}.]` }
    }
    case 'event': return { role: 'user', text: `[Task ${message.task}:]\n${untrusted('task event', message.text)}` }
    default: return unreachable(message)
  }
}

function personText({ text, files = [] }: PersonMessage): string {
  // The API refuses blank text, but a blank message needs an answer as well.
  const blank = files.length > 0 ? [] : ['[An empty message.]']
  return [...files.map(renderFile), ...text.trim() === '' ? blank : [text]].join('\n')
}

const ENDINGS = {
  streaming: '',
  done: '',
  stopped: '\n[The person stopped this reply.]',
  failed: '\n[This reply broke off.]',
} as const
