import type { Attachment, MessageFile } from '#shared/model/attachment.ts'
import type { FileBlock } from './context-message.ts'
import { FILE_OVERHEAD, fileTokens } from './file-tokens.ts'

/** All files that one request shows: ten pictures as large as they come, or a few long texts. Tokens. */
const MAX_FILE_TOKENS = 32_000

/**
 * The room left for files shrinks with every message; in steps, so that what
 * is shown, and with it the cached beginning, lasts for several turns. Tokens.
 */
const FILE_TOKENS_STEP = 1_000

/** In base64 half of the 32 MB that the Messages API takes, and well within an object's memory. Bytes. */
const MAX_FILE_BYTES = 12_000_000

/** A text of which less could be shown is only named. Tokens. */
const MIN_TEXT_TOKENS = 200

/** Takes files as long as there is room for them; null for one that the model is only told of. */
export type FileBudget = (file: MessageFile) => FileBlock | null

/** What is put on it first has its place, so the newest messages come first. */
export function createFileBudget(budget: number): FileBudget {
  let tokens = Math.min(MAX_FILE_TOKENS, budget - budget % FILE_TOKENS_STEP)
  let bytes = MAX_FILE_BYTES

  return ({ file, state }) => {
    const needed = neededTokens(file, tokens)
    if (state !== 'here' || needed > tokens || file.size > bytes)
      return null
    tokens -= needed
    bytes -= file.size
    return { kind: 'file', file, tokens: needed }
  }
}

/** A long text is shown in part. */
function neededTokens(file: Attachment, left: number): number {
  const whole = fileTokens(file)
  return file.kind === 'text' && whole > left ? Math.max(left, FILE_OVERHEAD + MIN_TEXT_TOKENS) : whole
}
