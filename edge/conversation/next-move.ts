import type { Turn } from '#shared/model/turn.ts'
import type { TurnRecord } from './turn-record.ts'
import { unreachable } from '#shared/lib/unreachable.ts'

/** Attempts at one round, crashes of the object included: the fourth would end like the third. */
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
  /** The person said something nobody answered or failed to. */
  pending: boolean
  /** Until when that waits for files that are on their way; null when none is. */
  filesDue: number | null
  now: number
}

/** What to do about the conversation when no turn runs in memory. */
export function nextMove({ turn, tries, pending, filesDue, now }: Situation): Move {
  switch (turn.state) {
    // A failed turn is not tried again by itself; something new is answered together with what it failed to answer.
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
