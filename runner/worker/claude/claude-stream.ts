import * as z from 'zod'
import { parseJson } from '#shared/lib/parse-json.ts'
import { costUsd, time, tokens } from '#shared/model/bounded.ts'

const toolUse = z.object({ type: z.literal('tool_use'), name: z.string(), input: z.record(z.string(), z.unknown()) })
const text = z.object({ type: z.literal('text'), text: z.string() })
const toolResult = z.object({
  type: z.literal('tool_result'),
  is_error: z.boolean().optional(),
  content: z.unknown().optional(),
})
const otherBlock = z.object({ type: z.string() }).transform(() => ({ type: 'other' as const }))

const modelUse = z.object({
  inputTokens: tokens,
  outputTokens: tokens,
  cacheReadInputTokens: tokens.default(0),
  cacheCreationInputTokens: tokens.default(0),
})

/** The lines of Claude Code's `stream-json` that mainloop reads. */
const claudeEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('system'),
    subtype: z.string(),
    model: z.string().optional(),
    claude_code_version: z.string().optional(),
    error_status: z.number().nullish(),
    attempt: z.number().optional(),
  }),
  z.object({
    type: z.literal('assistant'),
    message: z.object({ model: z.string().optional(), content: z.array(z.union([text, toolUse, otherBlock])) }),
  }),
  z.object({
    type: z.literal('user'),
    message: z.object({ content: z.union([z.string(), z.array(z.union([toolResult, otherBlock]))]) }),
  }),
  z.object({
    type: z.literal('rate_limit_event'),
    rate_limit_info: z.object({
      status: z.string(),
      resetsAt: time.optional(),
      rateLimitType: z.string().optional(),
    }),
  }),
  z.object({
    type: z.literal('result'),
    subtype: z.string(),
    is_error: z.boolean(),
    result: z.string().optional(),
    errors: z.array(z.string()).optional(),
    structured_output: z.unknown().optional(),
    api_error_status: z.number().nullish(),
    terminal_reason: z.string().nullish(),
    permission_denials: z.array(z.object({ tool_name: z.string() })).default([]),
    num_turns: z.number().default(0),
    total_cost_usd: costUsd.default(0),
    modelUsage: z.record(z.string(), modelUse).default({}),
  }),
])
export type ClaudeEvent = z.infer<typeof claudeEvent>
export type ClaudeResult = Extract<ClaudeEvent, { type: 'result' }>

/** Parses one line of the stream. Null for other types of events and for text that is not JSON. */
export function parseClaudeLine(line: string): ClaudeEvent | null {
  return claudeEvent.safeParse(parseJson(line)).data ?? null
}
