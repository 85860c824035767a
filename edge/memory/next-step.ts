import type { CompactionPlan, LiveMessage } from './plan-compaction.ts'
import type { Span } from './span.ts'
import { MESSAGE_TOKENS } from '../text/token-budgets.ts'
import { readAnsweredThrough } from '../thread/answered-through.ts'
import { messageTokens } from '../thread/message-tokens.ts'
import { oldestMessages } from '../thread/read-messages.ts'
import { readTask } from '../thread/read-task.ts'
import { renderMessage } from '../thread/render-message.ts'
import { COMPACTION } from './limits.ts'
import { planCompaction } from './plan-compaction.ts'
import { readFrontier } from './spans.ts'

/** The next step of compaction. Reads at most one live window, however long the conversation is. */
export function nextStep(sql: SqlStorage): CompactionPlan<Span> {
  const frontier = readFrontier(sql)
  return planCompaction(frontier, readLive(sql, frontier))
}

/** Reads the oldest live messages, at most as many as make a compaction due. */
function readLive(sql: SqlStorage, frontier: readonly Span[]): LiveMessage[] {
  const answeredThrough = readAnsweredThrough(sql)
  const live: LiveMessage[] = []
  let sum = frontier.reduce((total, { tokens }) => total + tokens, 0)
  for (const { sequence, message } of oldestMessages(sql, { after: frontier.at(-1)?.through ?? 0 })) {
    const { text } = renderMessage(message, id => readTask(sql, id))
    const tokens = Math.min(MESSAGE_TOKENS, messageTokens(message, text))
    live.push({ sequence, tokens, complete: sequence <= answeredThrough })
    sum += tokens
    if (live.length > COMPACTION.aboveMessages || sum > COMPACTION.aboveTokens)
      break
  }
  return live
}
