import type { Attachment } from '#shared/model/attachment.ts'
import type { RedrawnPicture, redrawPicture } from './redraw-picture.ts'
import { isPlainText } from '#shared/model/attachment.ts'
import { MAX_IMAGE_BYTES, MAX_TEXT_FILE_BYTES } from '#shared/model/limits.ts'
import { fileSize } from './format.ts'

/** A file that can be attached, or the problem and the advice for the person. */
export type PreparedFile = { ok: true, file: Attachment, bytes: ArrayBuffer } | { ok: false, problem: string }

/** Converts a file into one of the forms that can be sent: a redrawn picture, or a text. */
export async function prepareFile(original: File, redraw: typeof redrawPicture): Promise<PreparedFile> {
  const name = cleanName(original.name)
  if (original.size === 0)
    return { ok: false, problem: `${name} is empty.` }
  // An SVG may contain scripts; it can be read as a text.
  if (original.type.startsWith('image/') && original.type !== 'image/svg+xml')
    return preparePicture(name, await redraw(original))
  return prepareText(name, original)
}

async function preparePicture(name: string, drawn: RedrawnPicture | null): Promise<PreparedFile> {
  if (!drawn)
    return { ok: false, problem: `${name} cannot be read as a picture here. Save it as PNG or JPEG and try again.` }
  const { blob, mime, width, height } = drawn
  if (blob.size > MAX_IMAGE_BYTES) {
    const sizes = `${name} has ${fileSize(blob.size)}; a picture can have ${fileSize(MAX_IMAGE_BYTES)}.`
    return { ok: false, problem: `${sizes} Cut out what matters and try again.` }
  }
  const bytes = await blob.arrayBuffer()
  const extension = mime === 'image/png' ? '.png' : '.jpg'
  return {
    ok: true,
    bytes,
    file: {
      kind: 'image',
      id: await sha256(bytes),
      name: withExtension(name, extension),
      mime,
      size: bytes.byteLength,
      width,
      height,
    },
  }
}

async function prepareText(name: string, original: File): Promise<PreparedFile> {
  if (original.size > MAX_TEXT_FILE_BYTES) {
    const sizes = `${name} has ${fileSize(original.size)}; a text can have ${fileSize(MAX_TEXT_FILE_BYTES)}.`
    return { ok: false, problem: `${sizes} Attach the part that matters, or put it into a repository.` }
  }
  const bytes = await original.arrayBuffer()
  if (!isPlainText(new TextDecoder().decode(bytes)))
    return { ok: false, problem: `${name} is neither a picture nor a text in UTF-8, so Claude cannot read it.` }
  return { ok: true, bytes, file: { kind: 'text', id: await sha256(bytes), name, size: bytes.byteLength } }
}

const MAX_NAME_LENGTH = 120

function cleanName(name: string): string {
  return name.replaceAll(/\p{Cc}/gu, ' ').trim().slice(-MAX_NAME_LENGTH).toWellFormed() || 'file'
}

function withExtension(name: string, extension: string): string {
  return name.toLowerCase().endsWith(extension) ? name : name.replace(/\.[a-z\d]{1,5}$/i, '') + extension
}

async function sha256(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, byte => byte.toString(16).padStart(2, '0')).join('')
}
