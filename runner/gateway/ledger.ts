import type { Usage } from '#shared/model/task.ts'
import type { DaySpend } from '#shared/protocol/runner.ts'
import type { AttemptName } from './attempt-token.ts'
import { dayOf } from '#shared/task/day-spend.ts'

/** What an attempt may spend, and what is known already of what it spent. */
export interface Allowance extends AttemptName {
  budgetUsd: number
  spent: Usage
  /** Its worker is gone; the books stay open until nobody asks for them any more. */
  ended: boolean
}

/**
 * Why no task may ask the model: the day's budget, or the account's
 * limit. `until` is when they may go on. ms since the epoch.
 */
export interface GlobalStop { kind: 'day' | 'limit', why: string, until: number }

/** Why nothing more may be asked of the model. */
export type Stop = GlobalStop | { kind: 'budget', why: string }

/** `unknown` before anything was admitted: the runner has just started. */
export type AttemptStatus = { kind: 'open' } | { kind: 'unknown' } | { kind: 'over' } | { kind: 'stopped', stop: Stop }

/**
 * Who may ask the model, what that cost, and what it may cost. Kept in memory: what
 * must outlive the runner is reported to the edge and comes back with what is desired.
 */
export interface Ledger {
  /** These attempts are wanted, and no others. */
  admit: (allowances: readonly Allowance[]) => void
  /** What the edge knows of the day's spending. */
  setDaySpend: (spent: DaySpend) => void
  attemptStatus: (attempt: AttemptName) => AttemptStatus
  /** Why no attempt may ask now; null when they may. */
  globalStop: () => GlobalStop | null
  /** The difference to what was charged before; less than nothing when that was too much. */
  charge: (attempt: AttemptName, usage: Usage) => void
  /** The model's provider takes no more requests before `until`. */
  limited: (stop: GlobalStop) => void
  /** A request of the attempt was refused or cut for this reason. */
  refused: (attempt: AttemptName, stop: Stop) => void
  spent: (attempt: AttemptName) => Usage | null
  refusal: (attempt: AttemptName) => Stop | null
  /** Aborts when the attempt is over. */
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
    return today().usd >= dayBudgetUsd
      ? {
          kind: 'day',
          why: `The day's budget of $${dayBudgetUsd.toFixed(2)} for all tasks is used up.`,
          until: endOfDay(now()),
        }
      : null
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
        found.spent = sum(found.spent, usage)
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

function sum(one: Usage, other: Usage): Usage {
  return {
    costUsd: one.costUsd + other.costUsd,
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
  }
}

function endOfDay(now: number): number {
  return Date.parse(dayOf(now)) + 24 * 3_600_000
}
