import type { ModelBlock, ModelEnd, ModelFailure } from '../model/model.ts'
import type { TurnRecord } from './turn-record.ts'
import { backoff } from '#shared/lib/backoff.ts'
import { unreachable } from '#shared/lib/unreachable.ts'
import { MAX_TRIES } from './next-move.ts'

/** Rounds of tools in one turn; the reply after the last one must be text. */
export const MAX_ROUNDS = 12

/** Waiting is free and the person can stop it, but it must end: with the backoff below after about 90 minutes. */
const MAX_WAITS = 20

/** Prevents a hot loop when a limit resets at once, or seems over because a clock is wrong. ms. */
const MIN_WAIT_MS = 1_000

/** The backoff when the model asked to wait without a time. */
const RETRY = { firstMs: 5_000, maxMs: 300_000 }

export type ReplyAction
  = | { do: 'round', content: ModelBlock[] }
    | { do: 'done', note: string }
    | { do: 'retry' }
    | { do: 'wait', until: number, why: string, tries: number, waits: number }
    | { do: 'fail', why: string }

export interface Reply { text: string, end: Exclude<ModelEnd, { stop: 'aborted' }> }

/** The turn's next action after a reply or a failure. */
export function classifyReply(
  turn: Pick<TurnRecord, 'steps' | 'tries' | 'waits'>,
  { text, end }: Reply,
  now: number,
): ReplyAction {
  switch (end.stop) {
    case 'done':
    case 'tools':
      if (end.content.some(({ kind }) => kind === 'tool-call')) {
        return turn.steps.length < MAX_ROUNDS
          ? { do: 'round', content: end.content }
          : { do: 'fail', why: TOO_MANY_ROUNDS }
      }
      // After a round of tools the model may have nothing to add.
      return text.trim() === '' && (turn.steps.length === 0 || end.stop === 'tools')
        ? afterFailure(turn, { kind: 'cut', message: 'Claude\'s answer was empty. Try again.' }, now)
        : { do: 'done', note: '' }
    case 'length':
      return { do: 'done', note: note(text, 'This reply reached its length limit. Say “go on” for the rest.') }
    case 'refused':
      return { do: 'done', note: note(text, 'Claude declined to answer this.') }
    case 'error':
      return afterFailure(turn, end.failure, now)
    default:
      return unreachable(end)
  }
}

const TOO_MANY_ROUNDS
  = `Claude used tools ${MAX_ROUNDS} times without an answer. Try again, or ask in smaller steps.`

function afterFailure(
  { tries, waits }: Pick<TurnRecord, 'tries' | 'waits'>,
  failure: ModelFailure,
  now: number,
): ReplyAction {
  switch (failure.kind) {
    case 'rate-limited':
    case 'overloaded':
      if (waits >= MAX_WAITS)
        return { do: 'fail', why: `${failure.message} It was still so after ${MAX_WAITS} waits. Try again later.` }
      return {
        do: 'wait',
        until: waitUntil(failure.retryAt, waits, now),
        why: failure.message,
        // A request to wait does not count as a try.
        tries: Math.max(0, tries - 1),
        waits: waits + 1,
      }
    case 'unavailable':
      return tries < MAX_TRIES
        ? { do: 'wait', until: now + backoff(RETRY, Math.max(0, tries - 1)), why: failure.message, tries, waits }
        : { do: 'fail', why: failure.message }
    case 'cut':
      return tries < MAX_TRIES ? { do: 'retry' } : { do: 'fail', why: failure.message }
    case 'credential':
    case 'balance':
    case 'bad-request':
      return { do: 'fail', why: failure.message }
    default:
      return unreachable(failure)
  }
}

function waitUntil(retryAt: number | null, waits: number, now: number): number {
  return retryAt === null ? now + backoff(RETRY, waits) : Math.max(retryAt, now + MIN_WAIT_MS)
}

function note(text: string, words: string): string {
  return `${text.trim() === '' ? '' : '\n\n'}*${words}*`
}
