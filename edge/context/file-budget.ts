import type { Attachment, MessageFile } from '#shared/model/attachment.ts'
import type { FileBlock } from './context-message.ts'
import { FILE_OVERHEAD, fileTokens } from './file-tokens.ts'

/** All files of one request: ten pictures of the largest size, or a few long texts. Tokens. */
const MAX_FILE_TOKENS = 32_000

/** The room for files shrinks with every message; in steps, so that the cache holds for several turns. Tokens. */
const FILE_TOKENS_STEP = 1_000

/** In base64 half of the Messages API's limit of 32 MB, and well within an object's memory. Bytes. */
const MAX_FILE_BYTES = 12_000_000

/** With less room a text file is only named. Tokens. */
const MIN_TEXT_TOKENS = 200

/** Takes files while there is room; null for a file that is only named. */
export type FileBudget = (file: MessageFile) => FileBlock | null

/** Files are taken in the order of the calls, so the newest messages come first. `budget` is in tokens. */
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

/** A long text takes the rest of the room and is cut. */
function neededTokens(file: Attachment, left: number): number {
  const whole = fileTokens(file)
  return file.kind === 'text' && whole > left ? Math.max(left, FILE_OVERHEAD + MIN_TEXT_TOKENS) : whole
}
