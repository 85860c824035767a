import * as z from 'zod'

/**
 * Who everything belongs to: the name of one Durable Object.
 * Only a token or a secret that this edge has signed says which.
 */
export const personId = z
  .string()
  .regex(/^[a-z\d][a-z\d-]{0,31}$/, 'A person\'s name has up to 32 small letters, digits and hyphens.')
export type PersonId = z.infer<typeof personId>

/** Whom the setup secret itself and the deployment's own RUNNER_TOKEN belong to. */
export const OWNER: PersonId = 'owner'
