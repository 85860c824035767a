import * as z from 'zod'
import { MAX_VALUE_BYTES } from './limits.ts'

/**
 * The types of everything that comes from outside: from a runner, worker, model, client, GitHub or a file. A number
 * beyond its bounds becomes the bound, so that one absurd report costs a figure and not the row it is part of.
 */

/** Far more than a task or a day can cost. USD. */
export const MAX_COST_USD = 10_000

/** A year of the fastest model stays below. */
export const MAX_TOKENS = 1e12

/** 2100-01-01. A fixed date, because a device with a wrong clock must read the same rows. ms since the epoch. */
export const MAX_TIME = Date.UTC(2100, 0)

/** Text without a limit of its own is limited by its row. Characters. */
const MAX_TEXT_LENGTH = MAX_VALUE_BYTES

/** Maximum number of entries of a list without a limit of its own. */
export const MAX_LIST_LENGTH = 10_000

export const costUsd = z.number().overwrite(clampCost)
export const tokens = z.number().overwrite(clampTokens)
/** ms since the epoch. */
export const time = z.number().overwrite(at => clamp(at, MAX_TIME))

export function clampCost(usd: number): number {
  return clamp(usd, MAX_COST_USD)
}

export function clampTokens(count: number): number {
  return clamp(count, MAX_TOKENS)
}

/** Text that JSON, SQLite and every API can represent: half of a surrogate pair becomes U+FFFD. */
export function text(maxLength: number = MAX_TEXT_LENGTH, message?: string): z.ZodString {
  return z.string().overwrite(given => given.toWellFormed()).max(maxLength, message)
}

/** An address on the web, as text: what opens it checks it. */
export const address = text(2000)

function clamp(value: number, max: number): number {
  return Number.isNaN(value) ? 0 : Math.min(Math.max(value, 0), max)
}
