import * as z from 'zod'

/** The co-author of commits. Neither field can start a new line or a second address in a commit message. */
export const coAuthor = z.object({
  name: z.string().trim().min(1).max(100).regex(/^[^<>\p{Cc}]+$/u),
  email: z.string().max(200).regex(/^[^\s<>@]+@[^\s<>@]+$/),
})
export type CoAuthor = z.infer<typeof coAuthor>
