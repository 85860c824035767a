import type { Summary } from './summary.ts'
import { renderSummary } from './summary.ts'

/** A run of messages with its summary. Level 1 was made from messages, higher levels from summaries. */
export interface Span {
  level: number
  /** Sequence numbers of its first and last message, both inclusive. */
  from: number
  through: number
  /** Number of messages. */
  messages: number
  /** Times of the first and the last message. ms since the epoch. */
  since: number
  until: number
  summary: Summary
  /** Of `renderSpan`. */
  tokens: number
}

/** The summary as text for the model and the person. */
export function renderSpan({ from, through, since, until, summary }: Omit<Span, 'tokens'>): string {
  const days = day(since) === day(until) ? day(since) : `${day(since)} to ${day(until)}`
  return `Messages ${from} to ${through} (${days})\n${renderSummary(summary) || 'Nothing that matters later.'}`
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}
