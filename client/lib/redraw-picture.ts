import { MAX_IMAGE_EDGE } from '#shared/model/limits.ts'

export interface RedrawnPicture { blob: Blob, mime: 'image/png' | 'image/jpeg', width: number, height: number }

/** In bytes. A larger PNG is mostly a photo, and its JPEG is a tenth of that. */
const MAX_PNG_BYTES = 1_500_000

/** A JPEG quality without a visible difference, for people or for a model. */
const QUALITY = 0.88

/** Formats of screenshots and drawings, whose edges a JPEG would blur. */
const LOSSLESS = new Set(['image/png', 'image/gif', 'image/webp', 'image/bmp'])

/**
 * Draws the picture anew as this browser shows it. That bounds its size to
 * the model's limit and removes all metadata, such as the place and time
 * of a photo. Null for a file that this browser cannot read as a picture.
 */
export async function redrawPicture(file: Blob): Promise<RedrawnPicture | null> {
  const bitmap = await createImageBitmap(file).catch(() => null)
  if (!bitmap)
    return null
  const scale = Math.min(1, MAX_IMAGE_EDGE / Math.max(bitmap.width, bitmap.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(bitmap.width * scale))
  canvas.height = Math.max(1, Math.round(bitmap.height * scale))
  const context = canvas.getContext('2d')
  if (!context)
    return null
  context.imageSmoothingQuality = 'high'
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  bitmap.close()
  const size = { width: canvas.width, height: canvas.height }

  const png = LOSSLESS.has(file.type) ? await encode(canvas, 'image/png') : null
  if (png && png.size <= MAX_PNG_BYTES)
    return { blob: png, mime: 'image/png', ...size }
  // A JPEG has no transparency; without a white background transparent parts would be black.
  context.globalCompositeOperation = 'destination-over'
  context.fillStyle = 'white'
  context.fillRect(0, 0, canvas.width, canvas.height)
  const jpeg = await encode(canvas, 'image/jpeg')
  return jpeg && { blob: jpeg, mime: 'image/jpeg', ...size }
}

function encode(canvas: HTMLCanvasElement, mime: string): Promise<Blob | null> {
  return new Promise(resolve => canvas.toBlob(resolve, mime, QUALITY))
}
