import * as z from 'zod'
import { text } from './bounded.ts'
import { MAX_IMAGE_BYTES, MAX_IMAGE_EDGE, MAX_TEXT_FILE_BYTES } from './limits.ts'

/** SHA-256 of the bytes: every device computes the same id, and other bytes cannot take their place. */
export const attachmentId = z.string().regex(/^[\da-f]{64}$/, 'A file is named by the SHA-256 of its bytes.')
export type AttachmentId = z.infer<typeof attachmentId>

/** Every browser's canvas writes these and every model reads them; a device converts other pictures. */
export const IMAGE_TYPES = ['image/png', 'image/jpeg'] as const

const name = text(200).min(1).regex(/^\P{Cc}+$/u, 'A file\'s name cannot have control characters.')
const edge = z.number().int().min(1).max(MAX_IMAGE_EDGE)

/** The metadata of a file that belongs to a message; its bytes are sent and stored apart from the rows. */
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

/** A file in a message and the state of its upload: `coming` (on the device), `here` (at the edge), `refused`. */
export const messageFile = z.object({ file: attachment, state: z.enum(['coming', 'here', 'refused']) })
export type MessageFile = z.infer<typeof messageFile>

/** Whether a person can read this text. Escape sequences pass, because logs have colours. */
export function isPlainText(text: string): boolean {
  // eslint-disable-next-line no-control-regex -- the expression finds them
  return !/[\0-\x08\v\x0E-\x1A\x1C-\x1F\uFFFD]/.test(text)
}
