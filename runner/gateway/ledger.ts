import type { Usage } from '#shared/model/task.ts'
import type { DaySpend } from '#shared/protocol/runner.ts'
import type { AttemptName } from './attempt-token.ts'
import { dayOf } from '#shared/task/day-spend.ts'
import { sumUsage } from '#shared/task/sum-usage.ts'

/** The budget of an attempt and the usage that the edge already knows. */
export interface Allowance extends AttemptName {
  budgetUsd: number
  spent: Usage
  /** The worker has ended; the account stays, because its usage and refusal are still read. */
  ended: boolean
}

/** Stops all tasks until `until` (ms since the epoch): the day's budget or the account's limit is used up. */
export interface GlobalStop { kind: 'day' | 'limit', why: string, until: number }

/** The reason why the model gets no more requests, of all attempts or of one. */
export type Stop = GlobalStop | { kind: 'budget', why: string }

/** `unknown`: the runner has just started, and nothing was admitted yet. */
export type AttemptStatus = { kind: 'open' } | { kind: 'unknown' } | { kind: 'over' } | { kind: 'stopped', stop: Stop }

/**
 * The accounts of the attempts: who may use the model, the cost so far and the budget. It is kept in memory, because
 * the spending is reported to the edge and comes back with the desired tasks after a restart.
 */
export interface Ledger {
  /** Replaces the set of admitted attempts; all others are over. */
  admit: (allowances: readonly Allowance[]) => void
  /** Takes over the edge's count of the day's spending. */
  setDaySpend: (spent: DaySpend) => void
  attemptStatus: (attempt: AttemptName) => AttemptStatus
  /** Returns null when attempts may use the model. */
  globalStop: () => GlobalStop | null
  /** Adds the difference to the last charge; it is negative when an estimate was too high. */
  charge: (attempt: AttemptName, usage: Usage) => void
  /** Records that the provider accepts no requests before `until`. */
  limited: (stop: GlobalStop) => void
  /** Records the reason why a request of the attempt was refused or cut. */
  refused: (attempt: AttemptName, stop: Stop) => void
  spent: (attempt: AttemptName) => Usage | null
  refusal: (attempt: AttemptName) => Stop | null
  /** Returns a signal that aborts when the attempt is over. */
  lifetime: (attempt: AttemptName) => AbortSignal
}

interface Account extends Allowance {
  refusal: Stop | null
  lifetime: AbortController
}

export function createLedger({ dayBudgetUsd, now }: { dayBudgetUsd: number, now: () => number }): Ledger {
  let accounts: Map<string, Account> | null = null
  let day: DaySpend = { day: dayOf(now()), usd: 0 }
  let limit: GlobalStop | null = null

  const account = (attempt: AttemptName) => accounts?.get(keyOf(attempt))

  function today(): DaySpend {
    if (day.day !== dayOf(now()))
      day = { day: dayOf(now()), usd: 0 }
    return day
  }

  function globalStop(): GlobalStop | null {
    if (limit !== null && now() < limit.until)
      return limit
    if (today().usd < dayBudgetUsd)
      return null
    const why = `The day's budget of $${dayBudgetUsd.toFixed(2)} for all tasks is used up.`
    return { kind: 'day', why, until: endOfDay(now()) }
  }

  return {
    admit: (allowances) => {
      const before = accounts
      accounts = new Map(allowances.map((allowance) => {
        const known = before?.get(keyOf(allowance))
        return [keyOf(allowance), known
          ? Object.assign(known, { budgetUsd: allowance.budgetUsd, ended: allowance.ended })
          : { ...allowance, refusal: null, lifetime: new AbortController() }]
      }))
      for (const [key, { lifetime }] of before ?? []) {
        if (accounts.get(key)?.ended !== false)
          lifetime.abort()
      }
    },
    setDaySpend: (spent) => {
      if (spent.day === today().day)
        day = { ...day, usd: Math.max(day.usd, spent.usd) }
    },
    attemptStatus: (attempt) => {
      if (!accounts)
        return { kind: 'unknown' }
      const found = account(attempt)
      if (!found || found.ended)
        return { kind: 'over' }
      const stop = globalStop() ?? stopOf(found)
      return stop ? { kind: 'stopped', stop } : { kind: 'open' }
    },
    globalStop,
    charge: (attempt, usage) => {
      today().usd += usage.costUsd
      const found = account(attempt)
      if (found)
        found.spent = sumUsage(found.spent, usage)
    },
    limited: (stop) => {
      limit = stop
    },
    refused: (attempt, stop) => {
      const found = account(attempt)
      if (found)
        found.refusal = stop
    },
    spent: attempt => account(attempt)?.spent ?? null,
    refusal: attempt => account(attempt)?.refusal ?? null,
    lifetime: attempt => account(attempt)?.lifetime.signal ?? AbortSignal.abort(),
  }
}

function stopOf({ budgetUsd, spent }: Account): Stop | null {
  return spent.costUsd >= budgetUsd
    ? { kind: 'budget', why: `The task's budget is used up: this attempt had $${budgetUsd.toFixed(2)} of it left.` }
    : null
}

function keyOf({ task, attempt }: AttemptName): string {
  return `${task}/${attempt}`
}

function endOfDay(now: number): number {
  return Date.parse(dayOf(now)) + 24 * 3_600_000
}
