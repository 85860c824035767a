import type { Turn } from '#shared/model/turn.ts'
import type { TurnRecord } from './turn-record.ts'
import { unreachable } from '#shared/lib/unreachable.ts'

/** Tries of one round, crashes of the object included: a fourth would most likely end like the third. */
export const MAX_TRIES = 3

export type Move
  = | { do: 'rest' }
    | { do: 'wait', until: number }
    | { do: 'begin' }
    | { do: 'resume' }
    | { do: 'stop' }
    | { do: 'give-up', why: string }

export interface Situation {
  turn: Turn
  tries: TurnRecord['tries']
  /** There is a message that no turn answered or failed to answer. */
  pending: boolean
  /** The time until which that message waits for its uploads; null without an upload. */
  filesDue: number | null
  now: number
}

/** The next move of the conversation when no turn runs in memory. */
export function nextMove({ turn, tries, pending, filesDue, now }: Situation): Move {
  switch (turn.state) {
    // A failed turn is not retried by itself; a newer message is answered together with its messages.
    case 'idle':
    case 'failed':
      if (!pending)
        return { do: 'rest' }
      return filesDue === null ? { do: 'begin' } : { do: 'wait', until: filesDue }
    case 'stopping':
      return { do: 'stop' }
    case 'waiting':
      return now < turn.until ? { do: 'wait', until: turn.until } : { do: 'resume' }
    case 'running':
      return tries < MAX_TRIES
        ? { do: 'resume' }
        : { do: 'give-up', why: `The reply broke off ${MAX_TRIES} times. Try again.` }
    default:
      return unreachable(turn)
  }
}
