import type { ImageAttachment } from '#shared/model/attachment.ts'
import type { Json } from '#shared/model/json.ts'
import * as z from 'zod'

const json = z.custom<Json>(value => value !== undefined)

/** One block of a model's reply; stored with its turn, so that the turn can go on after a crash. */
export const modelBlock = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string() }),
  z.object({ kind: z.literal('tool-call'), id: z.string(), name: z.string(), input: json }),
  /** The adapter's own data (thinking, signatures): returned to it unchanged, never read. */
  z.object({ kind: z.literal('opaque'), value: json }),
])
export type ModelBlock = z.infer<typeof modelBlock>
export type ToolCall = Extract<ModelBlock, { kind: 'tool-call' }>

export type PersonBlock
  = | { kind: 'text', text: string }
    | { kind: 'tool-result', id: string, text: string, isError: boolean }
    | { kind: 'image', mime: ImageAttachment['mime'], base64: string }
    | { kind: 'document', name: string, text: string }

export type ModelMessage
  = | { role: 'user', content: PersonBlock[] }
    | { role: 'assistant', content: ModelBlock[] }

export interface ToolSpec { name: string, description: string, inputSchema: { readonly [key: string]: unknown } }

export interface ModelRequest {
  /** At most three parts, the most stable first: each is cached by itself. */
  system: readonly string[]
  /** Begins and ends with `user`; roles alternate. */
  messages: ModelMessage[]
  tools: readonly ToolSpec[]
  /** `never`: the tools are only listed, and this reply must be text. `always`: it must call one. */
  useTools: 'freely' | 'never' | 'always'
}

export interface ModelUsage {
  inputTokens: number
  outputTokens: number
  cacheReadTokens: number
  cacheWriteTokens: number
}

/**
 * The reason for an incomplete reply; `message` tells the person what happened and what to do. `retryAt` (ms
 * since the epoch) is the model's own time, or null. `cut` includes invalid replies: a retry may help.
 */
export type ModelFailure
  = | { kind: 'rate-limited' | 'overloaded', message: string, retryAt: number | null }
    | { kind: 'credential' | 'balance' | 'bad-request' | 'cut' | 'unavailable', message: string }

export type ModelEnd = { kind: 'end', usage: ModelUsage } & (
  /** `tools`: the model waits for the results of its calls. `length`: the reply reached its maximum length. */
  | { stop: 'done' | 'tools' | 'length' | 'refused', content: ModelBlock[] }
  | { stop: 'aborted' }
  | { stop: 'error', failure: ModelFailure }
)

export type ModelEvent = { kind: 'text', text: string } | ModelEnd

/**
 * Streams one reply. Contract: never rejects; the last event, and only
 * the last, is `end`; a failure is an `end` with `stop: 'error'`.
 */
export type Model = (request: ModelRequest, signal: AbortSignal) => AsyncIterable<ModelEvent>

export const NO_USAGE: ModelUsage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 }
