/** All summaries; folding keeps them below it. About ten pages. Tokens. */
export const SUMMARIES_TOKENS = 16_000

/** One summary, whatever its level, so that folding always shortens. A page. Tokens. */
export const SUMMARY_TOKENS = 1_200

export interface CompactionLimits {
  /** The live window is compacted above so many messages: more are read for every request, however short they are. */
  aboveMessages: number
  /**
   * And when it takes more than this together with the summaries: what they do not need
   * yet, it may use. So a request costs the same at any age; and what stays live until
   * the next compaction fits in it, beside full notes and a question with pictures.
   */
  aboveTokens: number
  /** What stays live, whichever is reached first: the thread a person can still see without scrolling far. */
  keepMessages: number
  keepTokens: number
  /** One span: small enough that a page holds what matters in it. */
  spanMessages: number
  spanTokens: number
  /** Fewer messages are not worth a summary, unless they are at least half a span long. */
  minMessages: number
  /** So many summaries of one level become one of the next. */
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
