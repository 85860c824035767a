import type { ContextMessage } from '../context/context-message.ts'
import type { ModelRequest } from '../model/model.ts'
import type { TurnRecord } from './turn-record.ts'
import { must } from '#shared/lib/must.ts'
import { buildContext } from '../context/build-context.ts'
import { fitRounds } from '../context/fit-rounds.ts'
import { readNotes } from '../memory/read-notes.ts'
import { renderMemory } from '../memory/render-memory.ts'
import { readFrontier, readSummarizedThrough } from '../memory/spans.ts'
import { countTokens } from '../text/count-tokens.ts'
import { CONTEXT_TOKENS, ROUNDS_TOKENS } from '../text/token-budgets.ts'
import { newestMessages } from '../thread/read-messages.ts'
import { readTask } from '../thread/read-task.ts'
import { toolSpecs } from '../tools/tools.ts'
import { MAX_ROUNDS } from './classify-reply.ts'
import { systemPrompt } from './system-prompt.ts'
import { callsOf, readResult } from './tool-record.ts'
import { readTurnAnsweredThrough } from './turn-record.ts'

export type ContextRequest = Omit<ModelRequest, 'messages'> & { messages: ContextMessage[] }

/**
 * The next request of a turn: summaries and notes, the live window through the message that the turn answers, then
 * its own rounds so far. Never above `CONTEXT_TOKENS`. All calls must have results. Files are not read yet.
 */
export function buildRequest(sql: SqlStorage, turn: TurnRecord, now: number): ContextRequest {
  const system = [systemPrompt(now), ...renderMemory(readNotes(sql), readFrontier(sql))]
  const spent = countTokens(system.join('\n')) + countTokens(JSON.stringify(toolSpecs))
  return {
    system,
    messages: [
      ...buildContext({
        // The turn's own messages are later, so they are not among these.
        newestFirst: newestMessages(sql, { after: readSummarizedThrough(sql), through: turn.answersThrough }),
        answeredThrough: id => readTurnAnsweredThrough(sql, id),
        task: id => readTask(sql, id),
        // The same in each round, so that everything before the rounds stays cached.
        budget: CONTEXT_TOKENS - ROUNDS_TOKENS - spent,
      }),
      ...fitRounds(turn.steps.map((content, round) => ({
        content,
        results: callsOf(content).map(call => ({
          kind: 'tool-result',
          id: call.id,
          ...must(readResult(sql, { turn: turn.id, round, call: call.id }), 'the result of a finished call'),
        })),
      }))),
    ],
    tools: toolSpecs,
    useTools: turn.steps.length < MAX_ROUNDS ? 'freely' : 'never',
  }
}
