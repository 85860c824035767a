import * as z from 'zod'

/** Whom commits name as co-author. Neither part can begin another line or another address of a commit's message. */
export const person = z.object({
  name: z.string().trim().min(1).max(100).regex(/^[^<>\p{Cc}]+$/u),
  email: z.string().max(200).regex(/^[^\s<>@]+@[^\s<>@]+$/),
})
export type Person = z.infer<typeof person>
