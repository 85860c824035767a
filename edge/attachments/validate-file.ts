import type { Attachment, ImageAttachment } from '#shared/model/attachment.ts'
import { fileTypeFromBuffer } from 'file-type'
import { imageSize } from 'image-size'
import { isPlainText } from '#shared/model/attachment.ts'

export type FileValidation
  = | { do: 'keep' }
    /** Something went wrong on the way: these are not the bytes that were announced. */
    | { do: 'ask-again', why: string }
    /** They are, and will never do. */
    | { do: 'refuse', why: string }

/**
 * Whether these bytes are the file that a message announced, by
 * the bytes alone: neither a name nor a header says what they are.
 */
export async function validateFile(bytes: Uint8Array, file: Attachment): Promise<FileValidation> {
  if (await sha256(bytes) !== file.id)
    return { do: 'ask-again', why: 'These are not the bytes of this file. Send it again.' }
  if (bytes.byteLength !== file.size) {
    return {
      do: 'refuse',
      why: `This file has ${bytes.byteLength.toLocaleString('en')} bytes, not the ${file.size.toLocaleString('en')} it was announced with.`,
    }
  }
  const why = file.kind === 'image' ? await whyNoImage(bytes, file) : whyNoText(bytes)
  return why === null ? { do: 'keep' } : { do: 'refuse', why }
}

async function whyNoImage(bytes: Uint8Array, { mime, width, height }: ImageAttachment): Promise<string | null> {
  const found = await fileTypeFromBuffer(bytes)
  if (found?.mime !== mime)
    return `This is ${found ? `${found.mime}` : 'no picture'}, not ${mime}.`
  const size = readSize(bytes)
  if (size?.width !== width || size.height !== height)
    return 'This picture has another size than it was announced with.'
  return endsWith(bytes, ENDS[mime]) ? null : 'This picture is not complete, or something follows after its end.'
}

/** null: its beginning does not say. The reader throws at what it cannot follow. */
function readSize(bytes: Uint8Array): { width: number, height: number } | null {
  try {
    return imageSize(bytes)
  }
  catch {
    return null
  }
}

function whyNoText(bytes: Uint8Array): string | null {
  // What is not UTF-8 becomes U+FFFD, which is not plain text.
  return isPlainText(new TextDecoder().decode(bytes)) ? null : 'This is not text in UTF-8.'
}

/**
 * A model refuses a picture that was cut, and with it the whole request; what is hidden after the end is no picture.
 */
const ENDS = {
  'image/png': [0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82],
  'image/jpeg': [0xFF, 0xD9],
} as const

function endsWith(bytes: Uint8Array, end: readonly number[]): boolean {
  return end.every((byte, index) => bytes.at(index - end.length) === byte)
}

async function sha256(bytes: Uint8Array): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)).toHex()
}
