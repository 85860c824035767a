/** Limit of all summaries together, which folding keeps. About ten pages. Tokens. */
export const SUMMARIES_TOKENS = 16_000

/** Limit of one summary of any level, so that folding always shortens. About a page. Tokens. */
export const SUMMARY_TOKENS = 1_200

export interface CompactionLimits {
  /** The live window is compacted above so many messages, because each request reads all of them. */
  aboveMessages: number
  /**
   * It is also compacted when live window and summaries together take more: the window may use the room that the
   * summaries do not need yet, so a request costs the same at any age. The messages that are live until the next
   * compaction fit into a request beside full notes and a question with pictures.
   */
  aboveTokens: number
  /** The newest messages that stay live, up to either limit: about those a person sees without scrolling far. */
  keepMessages: number
  keepTokens: number
  /** Limits of one span, so that a page is enough for its summary. */
  spanMessages: number
  spanTokens: number
  /** Fewer messages are not summarised unless they take at least half of `spanTokens`. */
  minMessages: number
  /** This many summaries of one level become one of the next. */
  fanIn: number
  summariesTokens: number
}

export const COMPACTION: CompactionLimits = {
  aboveMessages: 120,
  aboveTokens: 40_000,
  keepMessages: 40,
  keepTokens: 12_000,
  spanMessages: 40,
  spanTokens: 24_000,
  minMessages: 8,
  fanIn: 4,
  summariesTokens: SUMMARIES_TOKENS,
}
