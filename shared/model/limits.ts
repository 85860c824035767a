/** A pasted log fits; with three bytes a character the row stays below `MAX_VALUE_BYTES`. Characters (UTF-16 units). */
export const MAX_MESSAGE_LENGTH = 256_000

/** Half of what a Durable Object's row can hold (2 MB, Cloudflare's limits page), so that a row never fails late. */
export const MAX_VALUE_BYTES = 1_000_000

/**
 * One socket frame; larger ones travel in parts. Well below the
 * platform's limit, so that nothing blocks the line for long.
 */
export const MAX_FRAME_BYTES = 256_000

/** A brief is instructions, not data: what is longer belongs in the repository or an issue. Characters. */
export const MAX_BRIEF_LENGTH = 32_000

/** One attempt to make it green costs money; after five a person knows more than a sixth would. */
export const MAX_FIXES = 5

/** A worker that vanishes (crash, node gone) is started again this many times before a person is asked. */
export const MAX_CRASHES = 2

/**
 * The runner's clock may be behind; without this a pause that
 * is over by it would begin again at once, many times a second.
 */
export const MIN_PAUSE_MS = 5000

/** All failing excerpts of one verdict together. Characters; about 6,000 tokens. */
export const MAX_FAILURE_LENGTH = 24_000

/** More than a person compares in one message. */
export const MAX_ATTACHMENTS = 10

/** A picture's longer side: Claude scales what is larger down to this, so more would only cost. Pixels. */
export const MAX_IMAGE_EDGE = 1568

/** In base64 it stays below the 5 MB that the Messages API takes for one picture. */
export const MAX_IMAGE_BYTES = 3_500_000

/** As long as the longest message. Longer ones belong into a repository, where a worker can search them. */
export const MAX_TEXT_FILE_BYTES = 256_000
