import type { CompactionLimits } from './limits.ts'
import type { Span } from './span.ts'
import { COMPACTION } from './limits.ts'

/** A message that no summary covers. */
export interface LiveMessage {
  sequence: number
  /** Its tokens in a request. */
  tokens: number
  /** False until it is answered: a message whose reply may still change is not summarised. */
  complete: boolean
}

export type FrontierSpan = Pick<Span, 'level' | 'from' | 'through' | 'tokens'>

export type CompactionPlan<S extends FrontierSpan = FrontierSpan>
  = | { do: 'rest' }
    /** The messages with these sequence numbers become a span of level 1. */
    | { do: 'summarise', from: number, through: number }
    /** These adjacent spans become one. */
    | { do: 'fold', level: number, spans: S[] }

/**
 * The next step of compaction. `frontier` has the spans before the live window, oldest first; their levels
 * never rise. `live` has the messages after it, oldest first; without its newest messages more stay live.
 */
export function planCompaction<S extends FrontierSpan>(
  frontier: readonly S[],
  live: readonly LiveMessage[],
  limits: CompactionLimits = COMPACTION,
): CompactionPlan<S> {
  return planFold(frontier, limits) ?? planSpan(frontier, live, limits) ?? { do: 'rest' }
}

function planFold<S extends FrontierSpan>(
  frontier: readonly S[],
  { fanIn, summariesTokens }: CompactionLimits,
): CompactionPlan<S> | null {
  // The lowest level first, because new spans are added to it.
  for (const level of new Set(frontier.map(span => span.level).toReversed())) {
    const spans = frontier.filter(span => span.level === level)
    if (spans.length >= fanIn)
      return { do: 'fold', level: level + 1, spans: spans.slice(0, fanIn) }
  }
  const [oldest, next] = frontier
  if (!oldest || !next || sum(frontier) <= summariesTokens)
    return null
  return { do: 'fold', level: oldest.level === next.level ? oldest.level + 1 : oldest.level, spans: [oldest, next] }
}

function planSpan(
  frontier: readonly FrontierSpan[],
  live: readonly LiveMessage[],
  limits: CompactionLimits,
): CompactionPlan<never> | null {
  if (live.length <= limits.aboveMessages && sum(live) + sum(frontier) <= limits.aboveTokens)
    return null
  const span = atMost(live.slice(0, live.length - kept(live, limits)), limits)
  const last = span.at(-1)
  if (!last || (span.length < limits.minMessages && sum(span) < limits.spanTokens / 2))
    return null
  return { do: 'summarise', from: (frontier.at(-1)?.through ?? 0) + 1, through: last.sequence }
}

/** Number of the newest messages that stay live. */
function kept(live: readonly LiveMessage[], { keepMessages, keepTokens }: CompactionLimits): number {
  let count = 0
  let tokens = 0
  while (count < Math.min(keepMessages, live.length) && tokens < keepTokens) {
    count++
    tokens += live.at(-count)?.tokens ?? 0
  }
  return count
}

function atMost(messages: readonly LiveMessage[], { spanMessages, spanTokens }: CompactionLimits): LiveMessage[] {
  const incomplete = messages.findIndex(({ complete }) => !complete)
  const span: LiveMessage[] = []
  let tokens = 0
  for (const message of messages.slice(0, incomplete === -1 ? spanMessages : Math.min(incomplete, spanMessages))) {
    tokens += message.tokens
    if (span.length > 0 && tokens > spanTokens)
      break
    span.push(message)
  }
  return span
}

function sum(of: readonly { tokens: number }[]): number {
  return of.reduce((total, { tokens }) => total + tokens, 0)
}
