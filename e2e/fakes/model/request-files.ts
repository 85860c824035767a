import * as z from 'zod'

/** A picture or document in a request, in a form that the Messages API takes. */
const file = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('image'),
    source: z.object({ type: z.literal('base64'), media_type: z.enum(['image/jpeg', 'image/png', 'image/gif', 'image/webp']), data: z.base64() }),
  }),
  z.object({
    type: z.literal('document'),
    title: z.string(),
    source: z.object({ type: z.literal('text'), media_type: z.literal('text/plain'), data: z.string() }),
  }),
])
export type RequestFile = z.infer<typeof file>

const block = z.object({ type: z.string() }).loose()
const request = z.object({ messages: z.array(z.object({ content: z.union([z.string(), z.array(block)]) })).default([]) })

/** Returns the pictures and documents of a request. Throws for one that the real API would refuse. */
export function requestFiles(body: unknown): RequestFile[] {
  const blocks = request.parse(body).messages.flatMap(({ content }) => typeof content === 'string' ? [] : content)
  return blocks.filter(({ type }) => type === 'image' || type === 'document').map(one => file.parse(one))
}
