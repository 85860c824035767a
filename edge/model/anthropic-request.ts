import type Anthropic from '@anthropic-ai/sdk'
import type { ModelBlock, ModelMessage, ModelRequest, PersonBlock } from './model.ts'
import { unreachable } from '#shared/lib/unreachable.ts'

/** Enough for a long answer; ends a reply that repeats itself. Tokens. */
const MAX_REPLY_TOKENS = 16_000

const TOOL_CHOICE = { freely: 'auto', never: 'none', always: 'any' } as const

const CACHE = { cache_control: { type: 'ephemeral' } } as const

/**
 * Maps a request to the API's form. Cache marks: each part of the system prompt, which changes at most once in many
 * turns, and the end of the messages, so that the next round and the next turn pay only for new content.
 */
export function anthropicRequest(request: ModelRequest, model: string): Anthropic.MessageCreateParamsStreaming {
  return {
    model,
    stream: true,
    max_tokens: MAX_REPLY_TOKENS,
    system: request.system.map(text => ({ type: 'text', text, ...CACHE })),
    tools: request.tools.map(({ name, description, inputSchema }) => ({
      name,
      description,
      input_schema: { ...inputSchema, type: 'object' },
    })),
    tool_choice: { type: TOOL_CHOICE[request.useTools] },
    messages: request.messages.map((message, index) => toParam(message, index === request.messages.length - 1)),
  }
}

function toParam(message: ModelMessage, last: boolean): Anthropic.MessageParam {
  return message.role === 'assistant'
    ? { role: 'assistant', content: message.content.map(fromModel) }
    : {
        role: 'user',
        content: message.content.map((block, index) => fromPerson(block, last && index === message.content.length - 1)),
      }
}

function fromPerson(block: PersonBlock, cache: boolean): Anthropic.ContentBlockParam {
  const mark = cache ? CACHE : {}
  switch (block.kind) {
    case 'text':
      return { type: 'text', text: block.text, ...mark }
    case 'tool-result':
      return { type: 'tool_result', tool_use_id: block.id, content: block.text, is_error: block.isError, ...mark }
    case 'image':
      return { type: 'image', source: { type: 'base64', media_type: block.mime, data: block.base64 }, ...mark }
    case 'document':
      return {
        type: 'document',
        source: { type: 'text', media_type: 'text/plain', data: block.text },
        title: block.name,
        ...mark,
      }
    default:
      return unreachable(block)
  }
}

function fromModel(block: ModelBlock): Anthropic.ContentBlockParam {
  switch (block.kind) {
    case 'text': return { type: 'text', text: block.text }
    case 'tool-call': {
      const { id, name, input } = block
      const isObject = typeof input === 'object' && input !== null && !Array.isArray(input)
      // The API takes only objects, also when the model's own input was something else.
      return { type: 'tool_use', id, name, input: isObject ? input : { unreadable: input } }
    }
    // This adapter made it from a parsed block of the same API.
    case 'opaque': return block.value as unknown as Anthropic.ThinkingBlockParam | Anthropic.RedactedThinkingBlockParam
    default: return unreachable(block)
  }
}
