import { logFailure } from './log-failure.ts'

/** The kinds of expected failures, with their statuses. */
const STATUS = {
  'bad-request': 400,
  'unauthorized': 401,
  'wrong-origin': 403,
  'wrong-host': 421,
  'not-found': 404,
  'wrong-method': 405,
  'too-large': 413,
  'unfit-file': 415,
  'upgrade-required': 426,
  'too-many-attempts': 429,
  'headers-too-large': 431,
  'not-configured': 503,
  'internal': 500,
} as const
export type EdgeErrorKind = keyof typeof STATUS

/** An expected failure of a request; `message` is a sentence for the sender. */
export class EdgeError extends Error {
  readonly kind: EdgeErrorKind

  constructor(kind: EdgeErrorKind, message: string) {
    super(message)
    this.name = 'EdgeError'
    this.kind = kind
  }
}

/** Turns an error into a response. An unexpected one is a bug, so it is logged and not described to a stranger. */
export function errorResponse(error: unknown): Response {
  if (error instanceof EdgeError)
    return respond(error.kind, error.message)
  logFailure('a request', error)
  return respond('internal', 'Something went wrong on our side. It was logged.')
}

function respond(kind: EdgeErrorKind, message: string): Response {
  return Response.json({ error: { kind, message } }, { status: STATUS[kind] })
}
