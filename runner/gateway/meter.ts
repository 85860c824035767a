import type { ModelUse } from '#shared/model/model-prices.ts'
import { Buffer } from 'node:buffer'
import * as z from 'zod'
import { parseJson } from '#shared/lib/parse-json.ts'
import { tokens } from '#shared/model/bounded.ts'

/** The usage of an answer of the Messages API so far. */
export interface Metered {
  /** Empty until the answer names its model. */
  model: string
  use: ModelUse
  /** The API has sent the final counts, so this answer will cost no more. */
  final: boolean
}

/** Reads an answer as it passes. It estimates output tokens from the length until the API sends the final counts. */
export interface Meter {
  push: (chunk: Buffer) => void
  /** Ends the answer; one that is not a stream is parsed only now. */
  end: () => void
  read: () => Metered
}

/** More than a token usually has, so that an estimate is rather too low than too high. */
const CHARACTERS_PER_TOKEN = 5

/** Bytes of the line of a `content_block_delta` event without its text. */
const DELTA_FRAME = 102

/** No event of the API is longer. A longer line is not parsed, but its length counts. */
const MAX_LINE_BYTES = 1_000_000

/** Limit for an answer that is not a stream; the longest ones have less than a million tokens. */
const MAX_ANSWER_BYTES = 16_000_000

export function createMeter(contentType: string): Meter {
  return contentType.startsWith('text/event-stream') ? streamMeter() : answerMeter()
}

function streamMeter(): Meter {
  let metered: Metered = { model: '', use: NOTHING, final: false }
  let estimate = 0
  // The start of a line that is still incomplete.
  let held: Buffer = EMPTY

  function event(data: string): void {
    const parsed = streamEvent.safeParse(parseJson(data))
    if (!parsed.success)
      return
    const { message, usage } = parsed.data
    const final = metered.final || usage?.output_tokens !== undefined
    metered = { model: message?.model ?? metered.model, use: merged(metered.use, message?.usage ?? usage), final }
    if (final)
      estimate = 0
  }

  function line(bytes: Buffer, from: number, to: number): void {
    // Most lines are of this kind. They are not decoded, because streams are long.
    if (startsWith(bytes, DELTA, from, to))
      estimate += Math.max(0, to - from - DELTA_FRAME)
    else if (startsWith(bytes, DATA, from, to))
      event(bytes.toString('utf8', from + DATA.length, to))
  }

  return {
    push: (chunk) => {
      const bytes = held.length > 0 ? Buffer.concat([held, chunk]) : chunk
      let from = 0
      for (let to = bytes.indexOf(NEWLINE); to !== -1; to = bytes.indexOf(NEWLINE, from)) {
        line(bytes, from, to)
        from = to + 1
      }
      held = bytes.subarray(from)
      if (held.length > MAX_LINE_BYTES) {
        estimate += held.length
        held = EMPTY
      }
    },
    end: () => {},
    read: () => ({
      ...metered,
      use: { ...metered.use, outputTokens: metered.use.outputTokens + Math.floor(estimate / CHARACTERS_PER_TOKEN) },
    }),
  }
}

const NEWLINE = 10
const EMPTY = Buffer.alloc(0)
const DATA = Buffer.from('data:')
const DELTA = Buffer.from('data: {"type":"content_block_delta"')

function startsWith(bytes: Buffer, prefix: Buffer, from: number, to: number): boolean {
  return to - from >= prefix.length && bytes.compare(prefix, 0, prefix.length, from, from + prefix.length) === 0
}

function answerMeter(): Meter {
  const parts: Buffer[] = []
  let length = 0
  let metered: Metered = { model: '', use: NOTHING, final: true }
  return {
    push: (chunk) => {
      length += chunk.length
      if (length <= MAX_ANSWER_BYTES)
        parts.push(chunk)
    },
    end: () => {
      const parsed = answer.safeParse(parseJson(Buffer.concat(parts).toString()))
      if (parsed.success)
        metered = { model: parsed.data.model, use: merged(NOTHING, parsed.data.usage), final: true }
    },
    read: () => metered,
  }
}

const count = tokens

const usage = z.object({
  input_tokens: count.nullish(),
  output_tokens: count.optional(),
  cache_read_input_tokens: count.nullish(),
  cache_creation_input_tokens: count.nullish(),
  cache_creation: z.object({ ephemeral_1h_input_tokens: count.nullish() }).nullish(),
  server_tool_use: z.object({ web_search_requests: count.nullish() }).nullish(),
})

const streamEvent = z.object({
  message: z.object({ model: z.string(), usage }).optional(),
  usage: usage.optional(),
})

const answer = z.object({ model: z.string(), usage })

const NOTHING: ModelUse = {
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  cacheWriteHourTokens: 0,
  webSearches: 0,
}

/** Each count covers the whole answer so far, so a later one replaces an earlier one. */
function merged(before: ModelUse, counts: z.infer<typeof usage> | undefined): ModelUse {
  const hour = counts?.cache_creation?.ephemeral_1h_input_tokens ?? before.cacheWriteHourTokens
  const written = counts?.cache_creation_input_tokens ?? before.cacheWriteTokens + before.cacheWriteHourTokens
  return {
    inputTokens: counts?.input_tokens ?? before.inputTokens,
    outputTokens: counts?.output_tokens ?? before.outputTokens,
    cacheReadTokens: counts?.cache_read_input_tokens ?? before.cacheReadTokens,
    cacheWriteTokens: Math.max(0, written - hour),
    cacheWriteHourTokens: hour,
    webSearches: counts?.server_tool_use?.web_search_requests ?? before.webSearches,
  }
}
