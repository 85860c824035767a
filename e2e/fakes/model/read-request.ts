import type { ChatCompletionRequest, ChatMessage } from '@copilotkit/aimock'

/** Who asks: the conversation at the edge, or Claude Code in a worker. They are told apart by their tools. */
export type Caller = 'conversation' | 'worker'

/** One request to the model, reduced to what a scripted answer can depend on. */
export interface ModelRequest {
  caller: Caller
  tools: string[]
  system: string
  /** The text to answer: the newest message in the conversation, the whole assignment in a worker. */
  prompt: string
  /** The results of the tools used for it so far, oldest first. */
  results: string[]
  /** All text of the request, for what may stand anywhere in it. */
  text: string
}

export function readRequest({ messages, tools = [] }: ChatCompletionRequest): ModelRequest {
  const names = tools.map(tool => tool.function.name)
  const caller = callerOf(names)
  // Claude Code adds reminders of its own between the tool results, and a worker has one assignment from beginning to end.
  const current = caller === 'worker' ? messages : messages.slice(messages.findLastIndex(({ role }) => role === 'user'))
  return {
    caller,
    tools: names,
    system: all(messages, 'system').join('\n'),
    prompt: all(current, 'user').join('\n'),
    results: all(current, 'tool'),
    text: messages.map(textOf).join('\n'),
  }
}

export function callerOf(tools: readonly string[]): Caller {
  return tools.includes('spawn_task') ? 'conversation' : 'worker'
}

function all(messages: readonly ChatMessage[], role: ChatMessage['role']): string[] {
  return messages.filter(message => message.role === role).map(textOf)
}

function textOf(message: ChatMessage): string {
  const content = message.content ?? ''
  return typeof content === 'string' ? content : content.map(({ text = '' }) => text).join('')
}
