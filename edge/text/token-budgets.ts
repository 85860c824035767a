/**
 * Limit of a whole request, by `countTokens`. Half of the context of a 200,000 token model: the
 * reply needs 16,000, and text can be twice as dense as counted (hexadecimal, base64).
 */
export const CONTEXT_TOKENS = 100_000

/** The tool rounds of the running turn; the messages get the rest of `CONTEXT_TOKENS`. Tokens. */
export const ROUNDS_TOKENS = 32_000

/** One result of a tool: a longer listing does not help the model. Tokens. */
export const RESULT_TOKENS = 8_000

/** A part of a long message, read by itself: three parts in one round fit whole. Tokens. */
export const PART_TOKENS = 5_000

/** One message: of a longer one the middle is cut. A pasted log of 70 kB is whole. Tokens. */
export const MESSAGE_TOKENS = 24_000
