import { bodyLimit } from 'hono/body-limit'
import { MAX_IMAGE_BYTES, MAX_TEXT_FILE_BYTES } from '#shared/model/limits.ts'
import { EdgeError } from './edge-error.ts'
import { MAX_REQUEST_BYTES } from './parse-request-json.ts'

/** Many times the size of names, codes and sync cookies. Bytes. */
export const MAX_SMALL_BYTES = 64_000

/**
 * Fits comments and descriptions of 65,536 characters each, with everything around them. The runner's next poll covers
 * a larger delivery. Bytes.
 */
export const MAX_DELIVERY_BYTES = 1_000_000

/** Each limit counts a body while it is read, before anything is parsed. */
export const limitSmallBody = limit(MAX_SMALL_BYTES)
export const limitLargeBody = limit(MAX_REQUEST_BYTES)
export const limitDelivery = limit(MAX_DELIVERY_BYTES)
export const limitFileBody = limit(Math.max(MAX_IMAGE_BYTES, MAX_TEXT_FILE_BYTES))

function limit(maxSize: number) {
  return bodyLimit({
    maxSize,
    onError: () => {
      throw new EdgeError('too-large', `A request can have ${maxSize.toLocaleString('en')} bytes at most.`)
    },
  })
}
