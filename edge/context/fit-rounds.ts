import type { ModelBlock, ModelMessage, PersonBlock } from '../model/model.ts'
import { unreachable } from '#shared/lib/unreachable.ts'
import { countTokens } from '../text/count-tokens.ts'
import { cutText } from '../text/cut-text.ts'
import { RESULT_TOKENS, ROUNDS_TOKENS } from '../text/token-budgets.ts'

/** The model's blocks of one round and the results of its calls. */
export interface Round { content: ModelBlock[], results: Extract<PersonBlock, { kind: 'tool-result' }>[] }

/** The limit of each text, argument and result of a round that does not fit whole. Tokens. */
const SQUEEZED_TOKENS = 60

/** Ids, names and separators of a block. Tokens. */
const BLOCK_OVERHEAD = 30

/** The rounds of a turn within `budget` tokens: the newest is whole, earlier ones are squeezed, the oldest dropped. */
export function fitRounds(rounds: readonly Round[], budget: number = ROUNDS_TOKENS): ModelMessage[] {
  const kept: ModelMessage[][] = []
  let left = budget
  for (const round of rounds.toReversed()) {
    const whole = toMessages(withShortResults(round, budget))
    const fitting = tokensOf(whole) <= left ? whole : toMessages(squeeze(round))
    left -= tokensOf(fitting)
    if (left < 0 && kept.length > 0)
      break
    kept.unshift(fitting)
  }
  return kept.flat()
}

function toMessages({ content, results }: Round): ModelMessage[] {
  return [{ role: 'assistant', content }, { role: 'user', content: results }]
}

function withShortResults({ content, results }: Round, budget: number): Round {
  const each = Math.min(RESULT_TOKENS, Math.floor(budget / 2 / Math.max(1, results.length)))
  return { content, results: results.map(result => ({ ...result, text: cutText(result.text, each) })) }
}

function squeeze({ content, results }: Round): Round {
  return {
    content: content.flatMap(squeezeBlock),
    results: results.map(result => ({ ...result, text: cutText(result.text, SQUEEZED_TOKENS) })),
  }
}

function squeezeBlock(block: ModelBlock): ModelBlock[] {
  switch (block.kind) {
    case 'text':
      return [{ kind: 'text', text: cutText(block.text, SQUEEZED_TOKENS) }]
    case 'tool-call':
      return [
        countTokens(JSON.stringify(block.input)) <= SQUEEZED_TOKENS
          ? block
          : { ...block, input: { left_out: 'These arguments were long.' } },
      ]
    case 'opaque':
      return []
    default:
      return unreachable(block)
  }
}

function tokensOf(messages: readonly ModelMessage[]): number {
  return messages.reduce(
    (total, { content }) =>
      total + content.reduce((sum, block) => sum + BLOCK_OVERHEAD + countTokens(JSON.stringify(block)), 0),
    0,
  )
}
