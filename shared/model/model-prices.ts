/** US dollars for a million tokens; a web search is priced by the piece. */
export interface ModelPrice {
  input: number
  output: number
  cacheRead: number
  /** A prompt longer than `above` tokens costs these instead. */
  long?: { above: number, input: number, output: number, cacheRead: number }
}

/** Factors of the input price for writing to the prompt cache: for five minutes, and for an hour. */
const CACHE_WRITE = 1.25
const CACHE_WRITE_HOUR = 2

const WEB_SEARCH_USD = 0.01

/**
 * Anthropic's list prices of November 2026, from "Model pricing" and "Long context pricing" on
 * https://platform.claude.com/docs/en/about-claude/pricing. The factor
 * for reading from the cache differs by model, so each has its price.
 * A dated id has the price of its model. Mythos 5.2 has no row of its own there; it
 * is assumed to cost what Fable 5.2 does, as its predecessors cost what theirs did.
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
  /** Our own stand-in for a model, which answers without an API key. */
  'demo': { input: 0, output: 0, cacheRead: 0 },
}

/** The usage of one answer, as the Messages API counts it: each token is of one kind only. */
export interface ModelUse {
  inputTokens: number
  outputTokens: number
  cacheReadTokens: number
  cacheWriteTokens: number
  cacheWriteHourTokens: number
  webSearches: number
}

/** The conversation writes to the cache for five minutes only, and the model does not search the web there. */
export type PricedUse = Omit<ModelUse, 'cacheWriteHourTokens' | 'webSearches'> & Partial<ModelUse>

/** The price of a model id: its own, that of the longest id it begins with, or null when nobody said one. */
export function priceOf(model: string, prices: Readonly<Record<string, ModelPrice>> = MODEL_PRICES): ModelPrice | null {
  const known = Object.keys(prices)
    .filter(id => model === id || model.startsWith(`${id}-`))
    .sort((a, b) => b.length - a.length)[0]
  return known === undefined ? null : prices[known] ?? null
}

/** US dollars; null for a model whose price is not known. */
export function costOf(
  model: string,
  use: PricedUse,
  prices: Readonly<Record<string, ModelPrice>> = MODEL_PRICES,
): number | null {
  const price = priceOf(model, prices)
  return price && costAt(price, use)
}

/** US dollars. A model whose price is not known costs what the dearest costs, so that no budget is overrun. */
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
  return Object.values(prices).reduce((one, other) => (other.output > one.output ? other : one), {
    input: 0,
    output: 0,
    cacheRead: 0,
  })
}
