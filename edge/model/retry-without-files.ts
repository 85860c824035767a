import type { Model, ModelMessage, ModelRequest, PersonBlock } from './model.ts'

/**
 * Repeats a refused request without its files. Files stay in the context for many
 * turns, so an unreadable one would otherwise block the conversation.
 */
export function retryWithoutFiles(model: Model): Model {
  return async function* (request, signal) {
    if (!request.messages.some(hasFiles))
      return yield* model(request, signal)
    for await (const event of model(request, signal)) {
      if (event.kind === 'end' && event.stop === 'error' && event.failure.kind === 'bad-request')
        return yield* model(stripped(request), signal)
      yield event
    }
  }
}

function hasFiles({ role, content }: ModelMessage): boolean {
  return role === 'user' && content.some(isFile)
}

function stripped(request: ModelRequest): ModelRequest {
  return {
    ...request,
    messages: request.messages.map(message =>
      message.role === 'user' ? { ...message, content: message.content.map(toText) } : message,
    ),
  }
}

function toText(block: PersonBlock): PersonBlock {
  return isFile(block) ? { kind: 'text', text: '[A file was here that could not be read.]' } : block
}

function isFile({ kind }: PersonBlock): boolean {
  return kind === 'image' || kind === 'document'
}
