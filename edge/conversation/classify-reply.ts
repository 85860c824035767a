import type { ModelBlock, ModelEnd, ModelFailure } from '../model/model.ts'
import type { TurnRecord } from './turn-record.ts'
import { backoff } from '#shared/lib/backoff.ts'
import { unreachable } from '#shared/lib/unreachable.ts'
import { MAX_TRIES } from './next-move.ts'

/** Rounds of tools in one turn; the reply after the last one must be words. */
export const MAX_ROUNDS = 12

/** Waiting is free and can be stopped, but not for ever: with the backoff below about an hour and a half. */
const MAX_WAITS = 20

/** A limit that resets this very moment, or did by a clock that is wrong, is not asked again in a hot loop. ms. */
const MIN_WAIT_MS = 1_000

/** When the model asked to wait and did not say how long. */
const RETRY = { firstMs: 5_000, maxMs: 300_000 }

export type ReplyAction
  = | { do: 'round', content: ModelBlock[] }
    | { do: 'done', note: string }
    | { do: 'retry' }
    | { do: 'wait', until: number, why: string, tries: number, waits: number }
    | { do: 'fail', why: string }

export interface Reply { text: string, end: Exclude<ModelEnd, { stop: 'aborted' }> }

/** What follows from a reply, or from there being none. */
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
          : {
              do: 'fail',
              why: `Claude used tools ${MAX_ROUNDS} times without an answer. Try again, or ask in smaller steps.`,
            }
      }
      // After a round of tools there may be nothing left to say.
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

function afterFailure(
  { tries, waits }: Pick<TurnRecord, 'tries' | 'waits'>,
  failure: ModelFailure,
  now: number,
): ReplyAction {
  switch (failure.kind) {
    case 'rate-limited':
    case 'overloaded':
      return waits < MAX_WAITS
        ? // Asked to wait is not tried.
          {
            do: 'wait',
            until: waitUntil(failure.retryAt, waits, now),
            why: failure.message,
            tries: Math.max(0, tries - 1),
            waits: waits + 1,
          }
        : { do: 'fail', why: `${failure.message} It was still so after ${MAX_WAITS} waits. Try again later.` }
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
