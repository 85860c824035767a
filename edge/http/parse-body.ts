import type { Context } from 'hono'
import type * as z from 'zod'
import { EdgeError } from './edge-error.ts'
import { parseRequestJson } from './parse-request-json.ts'

/** Parses the JSON body of a request. Throws `bad-request` with a sentence about the first problem. */
export async function parseBody<T extends z.ZodType>(c: Context, schema: T): Promise<z.infer<T>> {
  const parsed = schema.safeParse(parseRequestJson(await c.req.text()))
  if (!parsed.success)
    throw new EdgeError('bad-request', parsed.error.issues[0]?.message ?? 'This cannot be understood.')
  return parsed.data
}
