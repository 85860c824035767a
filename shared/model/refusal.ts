import * as z from 'zod'

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

/**
 * A change that was not accepted: the row `refusal/<client>/<mutation>`,
 * kept until the person has seen it, with what they wrote.
 */
export const refusal = z.object({
  id: z.string(),
  at: z.number(),
  kind: refusalKind,
  /** What was tried: the mutator's name. */
  mutation: z.string().max(100),
  /** What to tell the person, as a sentence. */
  reason: z.string(),
  /** The person's own words in the refused change, so that they are not lost; null when it had none. */
  words: z.string().nullable(),
})
export type Refusal = z.infer<typeof refusal>

export const REFUSAL_PREFIX = 'refusal/'

export function refusalKey(clientID: string, mutationID: number): string {
  return `${REFUSAL_PREFIX}${clientID}/${mutationID}`
}

/** Whose change it was: only the device that made it tells its person. */
export function clientOf({ id }: Pick<Refusal, 'id'>): string {
  return id.slice(0, id.indexOf('/'))
}

/**
 * Thrown by a mutator that will not do what it was asked;
 * anything else it throws is a bug and is refused as `internal`.
 */
export class Refused extends Error {
  readonly kind: RefusalKind

  constructor(kind: RefusalKind, message: string) {
    super(message)
    this.name = 'Refused'
    this.kind = kind
  }
}
