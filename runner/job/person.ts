import * as z from 'zod'

/** The co-author of commits. Neither field can start a new line or a second address in a commit message. */
export const person = z.object({
  name: z.string().trim().min(1).max(100).regex(/^[^<>\p{Cc}]+$/u),
  email: z.string().max(200).regex(/^[^\s<>@]+@[^\s<>@]+$/),
})
export type Person = z.infer<typeof person>
