import type { Attachment, ImageAttachment } from '#shared/model/attachment.ts'
import { fileTypeFromBuffer } from 'file-type'
import { imageSize } from 'image-size'
import { isPlainText } from '#shared/model/attachment.ts'

export type FileValidation
  = | { do: 'keep' }
    /** The bytes are not the announced ones, so something went wrong in transit. */
    | { do: 'ask-again', why: string }
    /** The bytes are the announced ones, but the file is not acceptable. */
    | { do: 'refuse', why: string }

/** Checks bytes against the announced file by the bytes alone; names and headers are not trusted. */
export async function validateFile(bytes: Uint8Array, file: Attachment): Promise<FileValidation> {
  if (await sha256(bytes) !== file.id)
    return { do: 'ask-again', why: 'These are not the bytes of this file. Send it again.' }
  if (bytes.byteLength !== file.size) {
    const [actual, announced] = [bytes.byteLength, file.size].map(size => size.toLocaleString('en'))
    return { do: 'refuse', why: `This file has ${actual} bytes, not the ${announced} it was announced with.` }
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

/** Null for an unknown format, at which the library throws. */
function readSize(bytes: Uint8Array): { width: number, height: number } | null {
  try {
    return imageSize(bytes)
  }
  catch {
    return null
  }
}

function whyNoText(bytes: Uint8Array): string | null {
  // Invalid UTF-8 becomes U+FFFD, which is not plain text.
  return isPlainText(new TextDecoder().decode(bytes)) ? null : 'This is not text in UTF-8.'
}

/** The last bytes of each format. A model refuses a request with a cut picture; data after the end may be malicious. */
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
