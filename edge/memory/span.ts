import type { Summary } from './summary.ts'
import { renderSummary } from './summary.ts'

/** Messages that are read as their summary. Level 1 was made from messages, the next from summaries. */
export interface Span {
  level: number
  /** The places of its first and last message, both inclusive. */
  from: number
  through: number
  /** How many messages there are between them. */
  messages: number
  /** When the first and the last were written. ms since the epoch. */
  since: number
  until: number
  summary: Summary
  /** Of `renderSpan`. */
  tokens: number
}

/** As the model and the person read it. */
export function renderSpan({ from, through, since, until, summary }: Omit<Span, 'tokens'>): string {
  const days = day(since) === day(until) ? day(since) : `${day(since)} to ${day(until)}`
  return `Messages ${from} to ${through} (${days})\n${renderSummary(summary) || 'Nothing that matters later.'}`
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}
