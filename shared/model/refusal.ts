import * as z from 'zod'
import { text, time } from './bounded.ts'

export const refusalKind = z.enum([
  'invalid',
  'too-large',
  'not-found',
  'finished',
  'illegal',
  'stale',
  'unknown-mutation',
  'internal',
])
export type RefusalKind = z.infer<typeof refusalKind>

/** A mutation that was not made: the row `refusal/<client>/<mutation>`, kept until the person dismisses it. */
export const refusal = z.object({
  id: text(300),
  at: time,
  kind: refusalKind,
  /** The mutator's name. */
  mutation: text(100),
  /** A sentence for the person. */
  reason: text(),
  /** The person's text in the refused mutation, so that it is not lost; null when it had none. */
  words: text().nullable(),
})
export type Refusal = z.infer<typeof refusal>

export const REFUSAL_PREFIX = 'refusal/'

export function refusalKey(clientID: string, mutationID: number): string {
  return `${REFUSAL_PREFIX}${clientID}/${mutationID}`
}

/** The client that made the mutation: only its device shows the refusal. */
export function clientOf({ id }: Pick<Refusal, 'id'>): string {
  return id.slice(0, id.indexOf('/'))
}

/** The expected error of a mutator. Any other error is a bug and becomes a refusal of the kind `internal`. */
export class Refused extends Error {
  readonly kind: RefusalKind

  constructor(kind: RefusalKind, message: string) {
    super(message)
    this.name = 'Refused'
    this.kind = kind
  }
}
