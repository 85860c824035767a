import { bodyLimit } from 'hono/body-limit'
import { MAX_IMAGE_BYTES, MAX_TEXT_FILE_BYTES } from '#shared/model/limits.ts'
import { EdgeError } from './edge-error.ts'
import { MAX_REQUEST_BYTES } from './parse-request-json.ts'

/** Names, codes and cookies of the sync fit many times over. Bytes. */
export const MAX_SMALL_BYTES = 64_000

/**
 * Comments and descriptions of 65,536 characters each, with everything
 * around them; what is larger, the runner sees when it looks. Bytes.
 */
export const MAX_DELIVERY_BYTES = 1_000_000

/** Counted while it is read, before anything is parsed. */
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
