import type { ModelUse } from '#shared/model/model-prices.ts'
import { Buffer } from 'node:buffer'
import * as z from 'zod'
import { parseJson } from '#shared/lib/parse-json.ts'

/** What an answer of the Messages API took so far. */
export interface Metered {
  /** Empty until the answer says it. */
  model: string
  use: ModelUse
  /** The API has said it all: nothing more will be charged for this answer. */
  final: boolean
}

/**
 * Reads along with an answer. While it streams, what comes out is
 * estimated from its length; what the API says about it replaces that.
 */
export interface Meter {
  push: (chunk: Buffer) => void
  /** The answer is over: one that came in one piece is read only now. */
  end: () => void
  read: () => Metered
}

/** Few characters make a token, so that an estimate is rather too low than too high. */
const CHARACTERS_PER_TOKEN = 5

/** The line of a `content_block_delta` event without its text. Bytes. */
const DELTA_FRAME = 102

/** No event of the API is longer; of one that is, only its length counts. */
const MAX_LINE_BYTES = 1_000_000

/** An answer in one piece; the longest there are have less than a million tokens. */
const MAX_ANSWER_BYTES = 16_000_000

export function createMeter(contentType: string): Meter {
  return contentType.startsWith('text/event-stream') ? streamMeter() : answerMeter()
}

function streamMeter(): Meter {
  let metered: Metered = { model: '', use: NOTHING, final: false }
  let estimate = 0
  // The beginning of a line whose end has not come yet.
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
    // Nearly all lines are of these; no text is made of them, because streams are long.
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

const count = z.number().int().nonnegative()

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

/** Every count is of the whole answer so far, so a later one replaces an earlier. */
function merged(before: ModelUse, said: z.infer<typeof usage> | undefined): ModelUse {
  const hour = said?.cache_creation?.ephemeral_1h_input_tokens ?? before.cacheWriteHourTokens
  const written = said?.cache_creation_input_tokens ?? before.cacheWriteTokens + before.cacheWriteHourTokens
  return {
    inputTokens: said?.input_tokens ?? before.inputTokens,
    outputTokens: said?.output_tokens ?? before.outputTokens,
    cacheReadTokens: said?.cache_read_input_tokens ?? before.cacheReadTokens,
    cacheWriteTokens: Math.max(0, written - hour),
    cacheWriteHourTokens: hour,
    webSearches: said?.server_tool_use?.web_search_requests ?? before.webSearches,
  }
}
