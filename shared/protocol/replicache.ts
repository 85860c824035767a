import type { Json } from '../model/json.ts'
import * as z from 'zod'
import { text } from '../model/bounded.ts'

/**
 * The bodies of Replicache's published protocol, version 1, the same over HTTP and on the socket.
 * @see https://doc.replicache.dev/reference/server-push
 * @see https://doc.replicache.dev/reference/server-pull
 */

/**
 * A device with another schema version drops its rows and pulls them again.
 *
 * | version | date | change |
 * |---|---|---|
 * | 1 | 2026-11-26 | the first that was published |
 * | 2 | 2026-11-30 | a task in review may wait for jobs that skip drafts, or for pending checks; event `mark-ready` |
 */
export const SCHEMA_VERSION = '2'

/** Whether mutations of this schema version can be parsed: yes up to ours, because mutators only gain arguments. */
export function isKnownSchema(version: string): boolean {
  return /^\d{1,6}$/.test(version) && Number(version) <= Number(SCHEMA_VERSION)
}

/** Maximum number of mutations in one push; a larger push is refused, because only a broken client sends one. */
const MAX_MUTATIONS = 10_000

const id = text(128).min(1)

export const mutation = z.object({
  clientID: id,
  id: z.number().int().positive(),
  name: text(100),
  args: z.custom<Json>(value => value !== undefined),
  timestamp: z.number(),
})
export type Mutation = z.infer<typeof mutation>

export const pushBody = z.object({
  pushVersion: z.literal(1),
  schemaVersion: z.string().max(100),
  profileID: z.string().max(200),
  clientGroupID: id,
  mutations: z.array(mutation).max(MAX_MUTATIONS),
})
export type PushBody = z.infer<typeof pushBody>

/**
 * `order` grows with the epoch (storage was restored to an earlier point), the version and, within one version,
 * with every step of backfill; `floor` is the sequence number of the oldest message that this client group has.
 */
export const cookie = z.object({ order: z.number().int().nonnegative(), floor: z.number().int().nonnegative() })
export type Cookie = z.infer<typeof cookie>

export const pullBody = z.object({
  pullVersion: z.literal(1),
  schemaVersion: z.string().max(100),
  profileID: z.string().max(200),
  clientGroupID: id,
  cookie: cookie.nullable(),
})
export type PullBody = z.infer<typeof pullBody>

export const row = z.object({ key: z.string(), value: z.custom<Json>(value => value !== undefined) })
export type Row = z.infer<typeof row>

export const patchOperation = z.discriminatedUnion('op', [
  z.object({ op: z.literal('clear') }),
  row.extend({ op: z.literal('put') }),
  z.object({ op: z.literal('del'), key: z.string() }),
])
export type PatchOperation = z.infer<typeof patchOperation>

export const pullPatch = z.object({
  cookie,
  lastMutationIDChanges: z.record(z.string(), z.number()),
  patch: z.array(patchOperation),
})
export type PullPatch = z.infer<typeof pullPatch>

/** The two errors that Replicache itself handles. */
export const clientProblem = z.discriminatedUnion('error', [
  z.object({ error: z.literal('ClientStateNotFound') }),
  z.object({ error: z.literal('VersionNotSupported'), versionType: z.enum(['push', 'pull', 'schema']) }),
])
export type ClientProblem = z.infer<typeof clientProblem>

export const pullResponse = z.union([pullPatch, clientProblem])
export type PullResponse = z.infer<typeof pullResponse>

/** Empty, unless there is a problem with the client itself. */
export const pushResponse = z.union([clientProblem, z.object({})])
export type PushResponse = z.infer<typeof pushResponse>
