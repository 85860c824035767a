import { createMiddleware } from 'hono/factory'

/**
 * Sent with every response of the Worker, to restrict a browser that should not have called it. The headers of the
 * app's own page are in client/public/_headers.
 */
const HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': 'default-src \'none\'; frame-ancestors \'none\'; sandbox',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'Strict-Transport-Security': 'max-age=63072000',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
}

export const securityHeaders = createMiddleware(async (c, next) => {
  await next()
  // The headers of an upgrade belong to the socket.
  if (c.res.status === 101)
    return
  for (const [name, value] of Object.entries(HEADERS))
    c.header(name, value)
})
