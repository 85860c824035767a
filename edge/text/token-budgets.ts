/**
 * What one request may hold in all, by `countTokens`. Half of a 200,000 token model: the
 * reply needs 16,000, and text can be twice as dense as counted (hexadecimal, base64).
 */
export const CONTEXT_TOKENS = 100_000

/** The tool rounds of the running turn; what they leave, past messages get. Tokens. */
export const ROUNDS_TOKENS = 32_000

/** One result of a tool: more is a listing nobody reads to its end. Tokens. */
export const RESULT_TOKENS = 8_000

/** A piece of a long message, read by itself: three of them, asked for at once, are given whole. Tokens. */
export const PART_TOKENS = 5_000

/** One message: what is longer shows its beginning and its end. A pasted log of 70 kB is whole. Tokens. */
export const MESSAGE_TOKENS = 24_000
