import type { Model, ModelEnd } from '../model/model.ts'
import type { RetryAt } from '../store/drain.ts'
import type { EdgeTx, Store } from '../store/store.ts'
import type { CompactionPlan } from './plan-compaction.ts'
import type { Span } from './span.ts'
import type { Summary } from './summary.ts'
import { must } from '#shared/lib/must.ts'
import { unreachable } from '#shared/lib/unreachable.ts'
import { CONVERSATION_KEY } from '#shared/model/conversation.ts'
import { recordUsage } from '../model/record-usage.ts'
import { countTokens } from '../text/count-tokens.ts'
import { newestSequence, oldestMessages } from '../thread/read-messages.ts'
import { readTask } from '../thread/read-task.ts'
import { renderMessage } from '../thread/render-message.ts'
import { foldRequest, KEEP_SUMMARY, spanRequest } from './compaction-request.ts'
import { nextStep } from './next-step.ts'
import { renderFrontier } from './render-memory.ts'
import { renderSpan } from './span.ts'
import { readFrontier, writeSpan } from './spans.ts'
import { fitSummary, summary } from './summary.ts'

export interface CompactionDeps {
  store: Store
  summariser: { id: string, model: Model }
  /** ms since the epoch. */
  now: () => number
}

type Step = Exclude<CompactionPlan<Span>, { do: 'rest' }>

/** The wait when the summariser is busy and named no time. ms. */
const BUSY_MS = 60_000

/**
 * Brings the summaries up to date, one commit per step, without blocking the conversation. A failed step changes
 * nothing and rejects, so that the caller retries later. A busy model gives the time for the next call.
 */
export async function compact(deps: CompactionDeps): Promise<RetryAt | void> {
  // planning → asking → storing → planning …, until there is nothing to do
  for (;;) {
    const step = nextStep(deps.store.sql)
    const frontier = readFrontier(deps.store.sql)
    if (step.do === 'rest')
      return
    const prepared = prepare(deps.store.sql, step)
    const end = await lastOf(deps.summariser.model(prepared.request, new AbortController().signal))
    const outcome = classifyEnd(end, deps.now())
    if ('retryAt' in outcome)
      return outcome
    await deps.store.commit(tx => store(tx, { deps, frontier, end, span: finish(prepared.span, outcome.summary) }))
  }
}

type Unsummarised = Omit<Span, 'summary' | 'tokens'>

function prepare(sql: SqlStorage, step: Step) {
  switch (step.do) {
    case 'summarise': {
      const messages = [...oldestMessages(sql, { after: step.from - 1, through: step.through })]
      const first = must(messages.at(0), 'a message to summarise')
      const last = must(messages.at(-1), 'a message to summarise')
      const span: Unsummarised = {
        level: 1,
        from: step.from,
        through: step.through,
        messages: messages.length,
        since: first.message.at,
        until: last.message.at,
      }
      return { span, request: spanRequest(messages, message => renderMessage(message, id => readTask(sql, id))) }
    }
    case 'fold': {
      const first = must(step.spans.at(0), 'a span to fold')
      const last = must(step.spans.at(-1), 'a span to fold')
      const messages = step.spans.reduce((sum, span) => sum + span.messages, 0)
      const span: Unsummarised = {
        level: step.level,
        from: first.from,
        through: last.through,
        messages,
        since: first.since,
        until: last.until,
      }
      return { span, request: foldRequest(step.spans) }
    }
    default: return unreachable(step)
  }
}

function classifyEnd(end: ModelEnd, now: number): RetryAt | { summary: Summary } {
  if (end.stop === 'error') {
    const { failure } = end
    if (failure.kind === 'rate-limited' || failure.kind === 'overloaded')
      return { retryAt: Math.max(failure.retryAt ?? 0, now + BUSY_MS) }
    throw new Error(`The summary was not written: ${failure.message}`)
  }
  if (end.stop === 'aborted')
    throw new Error('The summary was not written: it was aborted.')
  const call = end.content.find(block => block.kind === 'tool-call' && block.name === KEEP_SUMMARY)
  if (call?.kind !== 'tool-call')
    throw new Error('The summary was not written: the model did not call the tool.')
  return { summary: summary.parse(call.input) }
}

function finish(unsummarised: Unsummarised, raw: Summary): Span {
  const span = { ...unsummarised, summary: fitSummary(raw) }
  return { ...span, tokens: countTokens(renderSpan(span)) }
}

async function store(
  tx: EdgeTx,
  { deps, frontier: before, end, span }: { deps: CompactionDeps, frontier: Span[], end: ModelEnd, span: Span },
): Promise<void> {
  const { store: { sql }, summariser } = deps
  await recordUsage(tx, { model: summariser.id, usage: end.usage })
  // A concurrent compaction was faster: this summary was made for another frontier.
  if (JSON.stringify(readFrontier(sql)) !== JSON.stringify(before))
    return
  const frontier = [...before.filter(({ from, through }) => through < span.from || from > span.through), span].sort(
    (a, b) => a.from - b.from,
  )
  const summarizedThroughId = must(frontier.at(-1), 'the span just made').through
  await tx.set(CONVERSATION_KEY, {
    summary: renderFrontier(frontier),
    summarizedThroughId,
    // Subtracting sequence numbers counts the live messages without reading them.
    messageCount: frontier.reduce((sum, { messages }) => sum + messages, 0) + newestSequence(sql) - summarizedThroughId,
  })
  tx.sideWrite(write => writeSpan(write, span))
}

async function lastOf(events: ReturnType<Model>): Promise<ModelEnd> {
  for await (const event of events) {
    if (event.kind === 'end')
      return event
  }
  throw new Error('The summary was not written: the reply had no end.')
}
