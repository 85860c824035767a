import * as z from 'zod'
import { MAX_IMAGE_BYTES, MAX_IMAGE_EDGE, MAX_TEXT_FILE_BYTES } from './limits.ts'

/** SHA-256 of the bytes: whoever has them names them alike, and nobody can put others in their place. */
export const attachmentId = z.string().regex(/^[\da-f]{64}$/, 'A file is named by the SHA-256 of its bytes.')
export type AttachmentId = z.infer<typeof attachmentId>

/** What a canvas writes in every browser and every model reads. A device turns other pictures into one of these. */
export const IMAGE_TYPES = ['image/png', 'image/jpeg'] as const

const name = z.string().min(1).max(200).regex(/^\P{Cc}+$/u, 'A file\'s name cannot have control characters.')
const edge = z.number().int().min(1).max(MAX_IMAGE_EDGE)

/** A file that goes with a message: what is said of its bytes, which travel and are kept apart from the rows. */
export const attachment = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('image'),
    id: attachmentId,
    name,
    mime: z.enum(IMAGE_TYPES),
    size: z.number().int().min(1).max(MAX_IMAGE_BYTES),
    width: edge,
    height: edge,
  }),
  /** UTF-8. */
  z.object({ kind: z.literal('text'), id: attachmentId, name, size: z.number().int().min(1).max(MAX_TEXT_FILE_BYTES) }),
])
export type Attachment = z.infer<typeof attachment>
export type ImageAttachment = Extract<Attachment, { kind: 'image' }>

/**
 * A file in a message, and where its bytes are: still on the device that sent it, at the edge, or turned away there.
 */
export const messageFile = z.object({ file: attachment, state: z.enum(['coming', 'here', 'refused']) })
export type MessageFile = z.infer<typeof messageFile>

/** Whether this is text that a person can read. Escape sequences are let through: logs have colours. */
export function isPlainText(text: string): boolean {
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  return !/[\0-\x08\v\x0E-\x1A\x1C-\x1F\uFFFD]/.test(text)
}
