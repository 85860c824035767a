import type { AttemptResult } from '#shared/model/task-event.ts'
import type { FailureKind, Usage } from '#shared/model/task.ts'
import type { Worked } from '../../job/stage-protocol.ts'
import type { ClaudeEvent, ClaudeResult } from './claude-stream.ts'
import * as z from 'zod'
import { sumUsage } from '#shared/task/sum-usage.ts'
import { limitName } from '../../job/limit-name.ts'
import { NO_USAGE } from '../../job/no-usage.ts'

type RateLimit = Extract<ClaudeEvent, { type: 'rate_limit_event' }>['rate_limit_info']

/** A finished run of Claude Code. */
export interface ClaudeRun {
  phase: 'plan' | 'work'
  /** Null if the process was killed or crashed. */
  result: ClaudeResult | null
  /** The last usage limit that the run reached. */
  limit: RateLimit | null
  /** The exit code or signal and the last output, for the reason if there is no result. */
  ending: string
  budgetUsd: number
  /** ms since the epoch. */
  now: number
}

/** The structure of a plan: Claude Code gets it as `--json-schema`, and its output is parsed with it. */
export const planOutput = z.object({
  plan: z.string().min(1),
  questions: z.array(z.object({ text: z.string().min(1), options: z.array(z.string()).default([]) })),
})

/** The wait after a limit without a reset time: rare enough for the provider, short enough to lose little time. */
const LIMIT_RETRY_MS = 5 * 60_000

/** The outcome of a run for its attempt. Exit codes are not reliable, so only the result counts. */
export function claudeOutcome(run: ClaudeRun): Worked | AttemptResult {
  const { result, limit } = run
  const usage = result ? usageOf(result) : NO_USAGE
  const failed = (kind: FailureKind, reason: string): AttemptResult => ({
    outcome: 'failed',
    kind,
    reason: reason.slice(0, MAX_REASON),
    usage,
  })

  if (limit && (result === null || result.is_error)) {
    const until = limit.resetsAt === undefined ? run.now + LIMIT_RETRY_MS : limit.resetsAt * 1000
    return {
      outcome: 'limited',
      until,
      why: `The Claude account's ${limitName(limit.rateLimitType)} is used up.`,
      usage,
    }
  }
  if (result === null)
    return failed('crashed', `Claude Code ended without a result (${run.ending}).`)
  if (result.subtype === 'error_max_budget_usd')
    return failed('budget', `The attempt stopped at its budget of $${run.budgetUsd.toFixed(2)}.`)
  if (result.is_error) {
    const words = (result.result ?? result.errors?.join('; ') ?? result.subtype).trim()
    return result.api_error_status
      ? apiError(result.api_error_status, words)
      : failed('agent', `Claude Code stopped: ${words}`)
  }
  return run.phase === 'plan' ? planned(result) : { outcome: 'worked', summary: summaryOf(result), usage }

  function apiError(status: number, words: string): AttemptResult {
    if (status === 401 || status === 403) {
      return failed(
        'credential',
        `The model refused the credential (${status}): ${words}. `
        + 'Set a valid ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN.',
      )
    }
    if (status === 429) {
      return {
        outcome: 'limited',
        until: run.now + LIMIT_RETRY_MS,
        why: `The model takes no more requests for now: ${words}`.slice(0, MAX_WHY),
        usage,
      }
    }
    return failed('agent', `The model did not answer (${status}): ${words}`)
  }

  function planned({ structured_output, result: text }: ClaudeResult): AttemptResult {
    const parsed = planOutput.safeParse(structured_output)
    if (!parsed.success)
      return failed('agent', `Claude did not return a plan in the form asked for. It said: ${text ?? 'nothing'}`)
    const questions = parsed.data.questions.slice(0, MAX_QUESTIONS).map(({ text, options }, i) => ({
      id: `q${i + 1}`,
      text: text.slice(0, 2000),
      options: options.slice(0, 8).map(option => option.slice(0, 500)),
    }))
    return { outcome: 'planned', plan: parsed.data.plan.slice(0, MAX_PLAN), questions, usage }
  }
}

/** The limits of `attemptResult` in shared/model/task-event.ts. Characters, and questions. */
const MAX_REASON = 4000
const MAX_WHY = 1000
const MAX_PLAN = 64_000
const MAX_SUMMARY = 16_000
const MAX_QUESTIONS = 20

function summaryOf({ result = '', permission_denials }: ClaudeResult): string {
  const denied = [...new Set(permission_denials.map(({ tool_name }) => tool_name))]
  const note = denied.length === 0 ? '' : `\n\n(It was not allowed to use ${denied.join(', ')}.)`
  return `${result.trim().slice(0, MAX_SUMMARY - note.length)}${note}`
}

/** Adds up `modelUsage`: unlike `usage` it counts sub-agents, and requests before an error. */
function usageOf({ total_cost_usd, modelUsage }: ClaudeResult): Usage {
  return Object.values(modelUsage).reduce<Usage>(
    (sum, { inputTokens, outputTokens, cacheReadInputTokens, cacheCreationInputTokens }) =>
      sumUsage(sum, {
        costUsd: 0,
        inputTokens: inputTokens + cacheReadInputTokens + cacheCreationInputTokens,
        outputTokens,
      }),
    { costUsd: total_cost_usd, inputTokens: 0, outputTokens: 0 },
  )
}
