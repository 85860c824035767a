/** A pasted log fits; with three bytes a character the row stays below `MAX_VALUE_BYTES`. Characters (UTF-16 units). */
export const MAX_MESSAGE_LENGTH = 256_000

/** Half of the limit of a Durable Object's row (2 MB, Cloudflare's limits page), so that a row never fails late. */
export const MAX_VALUE_BYTES = 1_000_000

/** Larger frames are sent in parts. Well below the platform's limit, so that no frame blocks a slow line for long. */
export const MAX_FRAME_BYTES = 256_000

/** A brief is instructions, not data: a longer text belongs in the repository or an issue. Characters. */
export const MAX_BRIEF_LENGTH = 32_000

/** Each fix costs money; after five failures a person helps more than a sixth fix. */
export const MAX_FIXES = 5

/** Restarts of a worker that vanished (crash, lost node) before the task fails and needs the person. */
export const MAX_CRASHES = 2

/** With a wrong clock a usage limit can seem over already; without a minimum the task would restart in a hot loop. */
export const MIN_PAUSE_MS = 5000

/** The excerpts of all failing jobs of one verdict together. Characters; about 6,000 tokens. */
export const MAX_FAILURE_LENGTH = 24_000

/** All comments of one report together: with six bytes a character the row stays below its limit. Characters. */
export const MAX_FEEDBACK_LENGTH = 150_000

/** A spending limit by the month is the longest reason to wait; a pause that claims more is an error. */
export const MAX_PAUSE_MS = 32 * 24 * 3_600_000

/** A person hardly compares more files in one message. */
export const MAX_ATTACHMENTS = 10

/** A picture's longer side: Claude scales larger ones down to this, so more would only cost. Pixels. */
export const MAX_IMAGE_EDGE = 1568

/** In base64 this stays below the Messages API's limit of 5 MB for one picture. */
export const MAX_IMAGE_BYTES = 3_500_000

/** As long as the longest message. A longer file belongs in a repository, where a worker can search it. */
export const MAX_TEXT_FILE_BYTES = 256_000
