/** US dollars per million tokens. */
export interface ModelPrice {
  input: number
  output: number
  cacheRead: number
  /** The prices of a prompt longer than `above` tokens. */
  long?: { above: number, input: number, output: number, cacheRead: number }
}

/** Factors of the input price for writing to the prompt cache: for five minutes, and for an hour. */
const CACHE_WRITE = 1.25
const CACHE_WRITE_HOUR = 2

/** The price of one web search. */
const WEB_SEARCH_USD = 0.01

/**
 * Anthropic's list prices of November 2026, from "Model pricing" and "Long context pricing" on
 * https://platform.claude.com/docs/en/about-claude/pricing. The factor for reading from the
 * cache differs by model, so each has its price. A dated id has the price of its model. Mythos 5.2
 * is not listed: it is assumed to cost as much as Fable 5.2, because the earlier Mythos models cost
 * as much as the Fable models of their time.
 */
export const MODEL_PRICES: Readonly<Record<string, ModelPrice>> = {
  'claude-haiku-3-5': { input: 0.8, output: 4, cacheRead: 0.08 },
  'claude-haiku-4-5': { input: 1, output: 5, cacheRead: 0.1 },
  'claude-haiku-5-5': {
    input: 0.1,
    output: 0.5,
    cacheRead: 0.01,
    long: { above: 100_000, input: 0.5, output: 2.5, cacheRead: 0.05 },
  },
  'claude-sonnet-4': { input: 3, output: 15, cacheRead: 0.3 },
  'claude-sonnet-5': { input: 2, output: 10, cacheRead: 0.2 },
  'claude-sonnet-5-5': { input: 2, output: 10, cacheRead: 0.1 },
  'claude-opus-4': { input: 15, output: 75, cacheRead: 1.5 },
  'claude-opus-4-5': { input: 5, output: 25, cacheRead: 0.5 },
  'claude-opus-4-6': { input: 5, output: 25, cacheRead: 0.5 },
  'claude-opus-4-7': { input: 5, output: 25, cacheRead: 0.5 },
  'claude-opus-4-8': { input: 5, output: 25, cacheRead: 0.5 },
  'claude-opus-5': { input: 5, output: 25, cacheRead: 0.5 },
  'claude-opus-5-5': { input: 4, output: 20, cacheRead: 0.2 },
  'claude-fable-5': { input: 10, output: 50, cacheRead: 1 },
  'claude-fable-5-1': { input: 10, output: 50, cacheRead: 0.25 },
  'claude-fable-5-2': { input: 8, output: 40, cacheRead: 0.2 },
  'claude-mythos-5': { input: 10, output: 50, cacheRead: 1 },
  'claude-mythos-5-1': { input: 10, output: 50, cacheRead: 0.25 },
  'claude-mythos-5-2': { input: 8, output: 40, cacheRead: 0.2 },
  /** Our demo model, which needs no API key. */
  'demo': { input: 0, output: 0, cacheRead: 0 },
}

/** The usage of one reply, as the Messages API counts it: each token has one kind. */
export interface ModelUse {
  inputTokens: number
  outputTokens: number
  cacheReadTokens: number
  cacheWriteTokens: number
  cacheWriteHourTokens: number
  webSearches: number
}

/** Both fields are optional: the conversation caches for five minutes only and has no web search. */
export type PricedUse = Omit<ModelUse, 'cacheWriteHourTokens' | 'webSearches'> & Partial<ModelUse>

/** The price of a model id: its own, or that of the longest id it begins with; null for an unknown model. */
export function priceOf(model: string, prices: Readonly<Record<string, ModelPrice>> = MODEL_PRICES): ModelPrice | null {
  const known = Object.keys(prices)
    .filter(id => model === id || model.startsWith(`${id}-`))
    .sort((a, b) => b.length - a.length)[0]
  return known === undefined ? null : prices[known] ?? null
}

/** US dollars; null for an unknown model. */
export function costOf(
  model: string,
  use: PricedUse,
  prices: Readonly<Record<string, ModelPrice>> = MODEL_PRICES,
): number | null {
  const price = priceOf(model, prices)
  return price && costAt(price, use)
}

/** US dollars. An unknown model has the price of the dearest one, so that no budget is overrun. */
export function costAtMost(
  model: string,
  use: PricedUse,
  prices: Readonly<Record<string, ModelPrice>> = MODEL_PRICES,
): number {
  return costAt(priceOf(model, prices) ?? dearest(prices), use)
}

function costAt({ long, ...usual }: ModelPrice, use: PricedUse): number {
  const { cacheWriteHourTokens = 0, webSearches = 0 } = use
  const prompt = use.inputTokens + use.cacheReadTokens + use.cacheWriteTokens + cacheWriteHourTokens
  const { input, output, cacheRead } = long && prompt > long.above ? long : usual
  const tokens = use.inputTokens * input
    + use.outputTokens * output
    + use.cacheReadTokens * cacheRead
    + use.cacheWriteTokens * input * CACHE_WRITE
    + cacheWriteHourTokens * input * CACHE_WRITE_HOUR
  return tokens / 1_000_000 + webSearches * WEB_SEARCH_USD
}

function dearest(prices: Readonly<Record<string, ModelPrice>>): ModelPrice {
  const free: ModelPrice = { input: 0, output: 0, cacheRead: 0 }
  return Object.values(prices).reduce((one, other) => (other.output > one.output ? other : one), free)
}
