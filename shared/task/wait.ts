import type { Task } from '../model/task.ts'
import { currentWork, isFinished } from './state.ts'

/** A wait for something outside, which becomes an item of the inbox at `since + limitMs`. */
export interface Wait {
  kind: 'blocked' | 'stalled'
  /** ms since the epoch. */
  since: number
  limitMs: number
  /** Names the cause of the wait and the person's choices. */
  why: string
}

const MINUTE_MS = 60_000

/**
 * No state waits longer than its limit in silence. The states that wait for the person are in the inbox at once, and an
 * attempt at work ends by its deadline. ms
 */
export const STALL_LIMITS_MS = {
  /** Most outages of GitHub, a cluster or a model are shorter, and end by themselves. */
  blocked: 5 * MINUTE_MS,
  /** Checks that wait for somebody or something outside, such as a runner, an approval or another app. */
  pending: 15 * MINUTE_MS,
  /** Checks that run. GitHub ends a job of its own after this time. */
  running: 6 * 60 * MINUTE_MS,
  /** An attempt without a worker. */
  start: 15 * MINUTE_MS,
}

/** The wait of a task for something outside; null while it works, or waits for the person. */
export function waitOf({ state, blocked }: Task): Wait | null {
  if (isFinished(state))
    return null
  if (blocked)
    return { kind: 'blocked', since: blocked.since, limitMs: STALL_LIMITS_MS.blocked, why: blocked.why }
  if (state.status === 'checking') {
    const limitMs = state.isRunning ? STALL_LIMITS_MS.running : STALL_LIMITS_MS.pending
    return { kind: 'stalled', since: state.pendingSince ?? state.since, limitMs, why: explainPending(state.pending) }
  }
  const { status, since } = state
  return currentWork(state)?.startedAt === null && status !== 'proposed'
    ? { kind: 'stalled', since, limitMs: STALL_LIMITS_MS.start, why: NOT_STARTED }
    : null
}

const NOT_STARTED = 'No worker has begun. See whether the runner is online, or cancel the task.'

/** More names would not fit an item. */
const MAX_NAMED = 5

function explainPending(pending: readonly string[]): string {
  if (pending.length === 0)
    return 'Nobody has read its checks. See whether the runner is online.'
  const more = pending.length > MAX_NAMED ? ` and ${pending.length - MAX_NAMED} more` : ''
  const advice = new Set(pending.map(name => ADVICE.find(([pattern]) => pattern.test(name))?.[1] ?? OTHERWISE))
  return `Still pending: ${pending.slice(0, MAX_NAMED).join(', ')}${more}. ${[...advice].join(' ')} ${GO_ON}`
}

/** By what the runner writes behind the name of a pending check. */
const ADVICE: [RegExp, string][] = [
  [/\(required, not reported yet\)$/, 'No app reports a required check: start it, or take it off the branch\'s rules.'],
  [/\(waits for an approval on GitHub\)$/, 'Approve it on GitHub.'],
  [/\(queued:[^()]*\)$/, 'See whether a runner for its labels is online.'],
  [/: run it again\)$/, 'Run it again on GitHub.'],
  [/\(waits for another run to end\)$/, 'Cancel the run that it waits for.'],
]
const OTHERWISE = 'See on GitHub what its app waits for.'
const GO_ON = 'Or mark the pull request ready, and go on without it.'
