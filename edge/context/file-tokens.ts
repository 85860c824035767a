import type { Attachment } from '#shared/model/attachment.ts'
import { unreachable } from '#shared/lib/unreachable.ts'

/** Anthropic's estimate for pictures. @see https://docs.claude.com/en/docs/build-with-claude/vision */
const PIXELS_PER_TOKEN = 750

/** A file's name and separators. Tokens. */
export const FILE_OVERHEAD = 20

/** The tokens of a file in a request. For text at most those of `countTokens`: half a token per byte. */
export function fileTokens(file: Attachment): number {
  switch (file.kind) {
    case 'image': return FILE_OVERHEAD + Math.ceil(file.width * file.height / PIXELS_PER_TOKEN)
    case 'text': return FILE_OVERHEAD + Math.ceil(file.size / 2)
    default: return unreachable(file)
  }
}
