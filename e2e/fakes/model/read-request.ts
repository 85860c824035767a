import type { ChatCompletionRequest, ChatMessage } from '@copilotkit/aimock'

/** The edge's conversation or a worker's Claude Code; their requests differ in their tools. */
export type Caller = 'conversation' | 'worker'

/** The parts of a request to the model on which a scripted reply can depend. */
export interface ModelRequest {
  caller: Caller
  tools: string[]
  system: string
  /** The newest message of the conversation, or all of a worker's prompt. */
  prompt: string
  /** The results of the tools that were used for the prompt so far, oldest first. */
  results: string[]
  /** All text of the request. */
  text: string
}

export function readRequest({ messages, tools = [] }: ChatCompletionRequest): ModelRequest {
  const names = tools.map(tool => tool.function.name)
  const caller = callerOf(names)
  // A worker has one prompt for its whole life, and Claude Code adds reminders in the user's role between the tool results.
  const current = caller === 'worker' ? messages : messages.slice(messages.findLastIndex(({ role }) => role === 'user'))
  return {
    caller,
    tools: names,
    system: textsOf(messages, 'system').join('\n'),
    prompt: textsOf(current, 'user').join('\n'),
    results: textsOf(current, 'tool'),
    text: messages.map(textOf).join('\n'),
  }
}

export function callerOf(tools: readonly string[]): Caller {
  return tools.includes('spawn_task') ? 'conversation' : 'worker'
}

function textsOf(messages: readonly ChatMessage[], role: ChatMessage['role']): string[] {
  return messages.filter(message => message.role === role).map(textOf)
}

function textOf(message: ChatMessage): string {
  const content = message.content ?? ''
  return typeof content === 'string' ? content : content.map(({ text = '' }) => text).join('')
}
