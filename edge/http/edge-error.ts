import { logFailure } from './log-failure.ts'

/** What can go wrong with a request, and the status that says so. */
const STATUS = {
  'bad-request': 400,
  'unauthorized': 401,
  'wrong-origin': 403,
  'wrong-host': 421,
  'not-found': 404,
  'too-large': 413,
  'unfit-file': 415,
  'upgrade-required': 426,
  'too-many-attempts': 429,
  'headers-too-large': 431,
  'not-configured': 503,
  'internal': 500,
} as const
export type EdgeErrorKind = keyof typeof STATUS

/** An expected failure of a request; `message` is a sentence for whoever sent it. */
export class EdgeError extends Error {
  readonly kind: EdgeErrorKind

  constructor(kind: EdgeErrorKind, message: string) {
    super(message)
    this.name = 'EdgeError'
    this.kind = kind
  }
}

/**
 * The one place where an error becomes a response. What was not
 * expected is a bug: logged, and not described to a stranger.
 */
export function errorResponse(error: unknown): Response {
  if (error instanceof EdgeError)
    return respond(error.kind, error.message)
  logFailure('a request', error)
  return respond('internal', 'Something went wrong on our side. It was logged.')
}

function respond(kind: EdgeErrorKind, message: string): Response {
  return Response.json({ error: { kind, message } }, { status: STATUS[kind] })
}
