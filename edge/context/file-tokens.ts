import type { Attachment } from '#shared/model/attachment.ts'
import { unreachable } from '#shared/lib/unreachable.ts'

/** What Anthropic says a picture costs. @see https://docs.claude.com/en/docs/build-with-claude/vision */
const PIXELS_PER_TOKEN = 750

/** A file's name and its place in the request. Tokens. */
export const FILE_OVERHEAD = 20

/**
 * What a file takes in a request, without looking into it: for
 * a text what `countTokens` finds at most, half a token a byte.
 */
export function fileTokens(file: Attachment): number {
  switch (file.kind) {
    case 'image': return FILE_OVERHEAD + Math.ceil(file.width * file.height / PIXELS_PER_TOKEN)
    case 'text': return FILE_OVERHEAD + Math.ceil(file.size / 2)
    default: return unreachable(file)
  }
}
