import { createMiddleware } from 'hono/factory'
import { EdgeError } from './edge-error.ts'

/** Several times the headers of browsers, a tenth of the platform's limit. Characters. */
const MAX_HEADERS_LENGTH = 16_000

/** Refuses long addresses and headers before anything reads them. */
export const limitHeaders = createMiddleware(async (c, next) => {
  let length = c.req.url.length
  for (const [name, value] of c.req.raw.headers)
    length += name.length + value.length
  if (length > MAX_HEADERS_LENGTH) {
    throw new EdgeError(
      'headers-too-large',
      `Address and headers can have ${MAX_HEADERS_LENGTH.toLocaleString('en')} characters at most.`,
    )
  }
  await next()
})
