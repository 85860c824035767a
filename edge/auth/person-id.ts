import * as z from 'zod'

/** A person, who is the name of one Durable Object. It is only ever read from tokens that this edge has signed. */
export const personId = z
  .string()
  .regex(/^[a-z\d][a-z\d-]{0,31}$/, 'A person\'s name has up to 32 small letters, digits and hyphens.')
export type PersonId = z.infer<typeof personId>

/** The person to whom the setup secret itself and the deployment's own RUNNER_TOKEN belong. */
export const OWNER: PersonId = 'owner'
