import type { Json } from '#shared/model/json.ts'
import type { ModelBlock, ModelEvent, ModelUsage } from './model.ts'
import * as z from 'zod'
import { parseJson } from '#shared/lib/parse-json.ts'
import { unreachable } from '#shared/lib/unreachable.ts'
import { tokens } from '#shared/model/bounded.ts'
import { NO_USAGE } from './model.ts'

/** The stream ended early, or with `garbled` had an event that could not be parsed. */
export class BrokenReply extends Error {
  readonly garbled: boolean

  constructor(message: string, { garbled, cause }: { garbled: boolean, cause?: unknown }) {
    super(message, { cause })
    this.name = 'BrokenReply'
    this.garbled = garbled
  }
}

export interface ReplyObserver {
  /** Called with each event. */
  received: () => void
  /** Called with the counts so far, so that the usage of a reply that breaks off is recorded too. */
  counted: (usage: ModelUsage) => void
}

/** Maps the API's events to ours. Throws the stream's errors, and `BrokenReply` for an invalid or unfinished stream. */
export async function* readReply(stream: AsyncIterable<unknown>, observer: ReplyObserver): AsyncGenerator<ModelEvent> {
  const blocks: Block[] = []
  let usage = NO_USAGE
  let stopReason: string | null = null

  for await (const raw of stream) {
    observer.received()
    const event = parseEvent(raw)
    switch (event?.type) {
      // An unknown kind of event; the API may add new ones at any time.
      case undefined:
      case 'content_block_stop':
        break
      case 'message_start':
        observer.counted(usage = count(usage, event.message.usage))
        break
      case 'content_block_start':
        // Two blocks of text with thinking in between are separate paragraphs.
        if (event.content_block.type === 'text' && blocks.some(({ type }) => type === 'text'))
          yield { kind: 'text', text: '\n\n' }
        blocks[event.index] = begin(event.content_block)
        if (event.content_block.type === 'text' && event.content_block.text !== '')
          yield { kind: 'text', text: event.content_block.text }
        break
      case 'content_block_delta': {
        const text = grow(blocks[event.index], event.delta)
        if (text !== '')
          yield { kind: 'text', text }
        break
      }
      case 'message_delta':
        stopReason = event.delta.stop_reason ?? stopReason
        observer.counted(usage = count(usage, event.usage ?? {}))
        break
      case 'message_stop':
        yield { kind: 'end', stop: stopOf(stopReason), content: blocks.flatMap(toModelBlock), usage }
        return
      default:
        unreachable(event)
    }
  }
  throw new BrokenReply('the stream ended before the reply did', { garbled: false })
}

const counts = z.object({
  input_tokens: tokens.nullish(),
  output_tokens: tokens.nullish(),
  cache_read_input_tokens: tokens.nullish(),
  cache_creation_input_tokens: tokens.nullish(),
})

const block = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('tool_use'), id: z.string(), name: z.string() }),
  z.object({ type: z.literal('thinking'), thinking: z.string(), signature: z.string().default('') }),
  z.object({ type: z.literal('redacted_thinking'), data: z.string() }),
])

/** `input` is the JSON text received so far. */
type Block
  = | Exclude<z.infer<typeof block>, { type: 'tool_use' }>
    | { type: 'tool_use', id: string, name: string, input: string }

const delta = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text_delta'), text: z.string() }),
  z.object({ type: z.literal('input_json_delta'), partial_json: z.string() }),
  z.object({ type: z.literal('thinking_delta'), thinking: z.string() }),
  z.object({ type: z.literal('signature_delta'), signature: z.string() }),
])

const index = z.number().int().min(0).max(1000)

const streamEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('message_start'), message: z.object({ usage: counts }) }),
  z.object({ type: z.literal('content_block_start'), index, content_block: block }),
  z.object({ type: z.literal('content_block_delta'), index, delta }),
  z.object({ type: z.literal('content_block_stop'), index }),
  z.object({
    type: z.literal('message_delta'),
    delta: z.object({ stop_reason: z.string().nullish() }),
    usage: counts.nullish(),
  }),
  z.object({ type: z.literal('message_stop') }),
])
type StreamEvent = z.infer<typeof streamEvent>

const KNOWN: ReadonlySet<unknown> = new Set(streamEvent.options.map(({ shape }) => shape.type.value))

function parseEvent(raw: unknown): StreamEvent | null {
  const named = z.object({ type: z.string() }).safeParse(raw)
  if (named.success && !KNOWN.has(named.data.type))
    return null
  const event = streamEvent.safeParse(raw)
  if (!event.success)
    throw new BrokenReply('an event of the stream made no sense', { garbled: true, cause: event.error })
  return event.data
}

function begin(started: z.infer<typeof block>): Block {
  return started.type === 'tool_use' ? { ...started, input: '' } : started
}

/** Adds the piece to its block and returns its text for the person, '' for other kinds. */
function grow(block: Block | undefined, piece: z.infer<typeof delta>): string {
  if (block?.type === 'text' && piece.type === 'text_delta') {
    block.text += piece.text
    return piece.text
  }
  if (block?.type === 'tool_use' && piece.type === 'input_json_delta')
    block.input += piece.partial_json
  else if (block?.type === 'thinking' && piece.type === 'thinking_delta')
    block.thinking += piece.thinking
  else if (block?.type === 'thinking' && piece.type === 'signature_delta')
    block.signature += piece.signature
  else
    throw new BrokenReply(`a ${piece.type} came for ${block?.type ?? 'no block'}`, { garbled: true })
  return ''
}

function toModelBlock(block: Block): ModelBlock[] {
  switch (block.type) {
    // The API refuses blank text in a later request.
    case 'text': return block.text.trim() === '' ? [] : [{ kind: 'text', text: block.text }]
    case 'tool_use': return [{ kind: 'tool-call', id: block.id, name: block.name, input: parseInput(block.input) }]
    case 'thinking':
    case 'redacted_thinking': return [{ kind: 'opaque', value: block }]
    default: return unreachable(block)
  }
}

/** Invalid JSON stays a string: the tool's schema then reports it to the model. */
function parseInput(text: string): Json {
  return text.trim() === '' ? {} : parseJson(text, () => text) as Json
}

function count(before: ModelUsage, now: z.infer<typeof counts>): ModelUsage {
  return {
    inputTokens: now.input_tokens ?? before.inputTokens,
    outputTokens: now.output_tokens ?? before.outputTokens,
    cacheReadTokens: now.cache_read_input_tokens ?? before.cacheReadTokens,
    cacheWriteTokens: now.cache_creation_input_tokens ?? before.cacheWriteTokens,
  }
}

function stopOf(reason: string | null): 'done' | 'tools' | 'length' | 'refused' {
  switch (reason) {
    case 'tool_use': return 'tools'
    case 'max_tokens':
    case 'model_context_window_exceeded': return 'length'
    case 'refusal': return 'refused'
    case 'end_turn':
    case 'stop_sequence':
    case 'pause_turn': return 'done'
    default: throw new BrokenReply(`the reply ended for an unknown reason: ${reason}`, { garbled: true })
  }
}
