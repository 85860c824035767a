import type { ClientProblem, PullBody, PushBody } from '#shared/protocol/replicache.ts'
import * as z from 'zod'
import { cookie, pullBody, pushBody } from '#shared/protocol/replicache.ts'
import { EdgeError } from '../http/edge-error.ts'

/** A valid body, or the response by which an outdated client recovers. Anything else throws `bad-request`. */
export type ParsedBody<T> = { ok: true, body: T } | { ok: false, problem: ClientProblem }

export function parsePush(json: unknown): ParsedBody<PushBody> {
  return read(pushBody, json, 'push')
}

export function parsePull(json: unknown): ParsedBody<PullBody> {
  return read(pullBody, json, 'pull')
}

function read<T>(schema: z.ZodType<T>, json: unknown, versionType: 'push' | 'pull'): ParsedBody<T> {
  const parsed = schema.safeParse(json)
  if (parsed.success)
    return { ok: true, body: parsed.data }
  const problem = clientProblem(json, versionType)
  if (problem)
    return { ok: false, problem }
  throw new EdgeError(
    'bad-request',
    `This is not a ${versionType} of the Replicache protocol: ${z.prettifyError(parsed.error)}`,
  )
}

/** The problem of a client of another version; null when the body is invalid for another reason. */
function clientProblem(json: unknown, versionType: 'push' | 'pull'): ClientProblem | null {
  const { data: versions } = anyVersion.safeParse(json)
  const version = versionType === 'push' ? versions?.pushVersion : versions?.pullVersion
  if (version !== undefined && version !== 1)
    return { error: 'VersionNotSupported', versionType }
  // A cookie of another shape comes from another version of this edge.
  return versionType === 'pull'
    && versions?.cookie !== undefined
    && !cookie.nullable().safeParse(versions.cookie).success
    ? { error: 'ClientStateNotFound' }
    : null
}

const anyVersion = z.object({ pushVersion: z.number(), pullVersion: z.number(), cookie: z.unknown() }).partial()
