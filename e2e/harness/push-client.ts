import { nanoid } from 'nanoid'
import * as z from 'zod'
import { must } from '#shared/lib/must.ts'
import { SCHEMA_VERSION } from '#shared/protocol/replicache.ts'

/** A device without a screen, which knows what the edge acknowledged. */
export interface PushClient {
  cookie: string
  /** Sends a message, after those that were not acknowledged yet. Whether the edge acknowledged them. */
  send: (text: string) => Promise<boolean>
  /** The texts of all acknowledged messages. */
  acknowledged: string[]
  /** The texts of the person's messages that the edge has. */
  texts: () => Promise<string[]>
  pull: (cookie: unknown) => Promise<Pulled>
}

const pulled = z.union([
  z.object({ cookie: z.object({ order: z.number() }).loose(), patch: z.array(z.unknown()) }),
  z.object({ error: z.string() }),
])
export type Pulled = z.infer<typeof pulled>

const exported = z.object({ rows: z.record(z.string(), z.unknown()) })
const personMessage = z.object({ kind: z.literal('person'), text: z.string() })

export async function pairPushClient(edge: string, setupSecret: string): Promise<PushClient> {
  const ask = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(edge + path, { method: 'POST', headers: { 'origin': edge, 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })
  const paired = await ask('/api/pair', { secret: setupSecret, name: 'Push client' })
  const cookie = must(paired.headers.get('set-cookie')?.split(';')[0], 'a cookie')
  const group = { schemaVersion: SCHEMA_VERSION, profileID: 'program', clientGroupID: nanoid() }
  const clientID = nanoid()
  const acknowledged: string[] = []
  let mutations = 0
  let pending: { id: number, text: string, body: object }[] = []

  return {
    cookie,
    acknowledged,
    async send(text) {
      const id = ++mutations
      pending.push({ id, text, body: { clientID, id, name: 'sendMessage', args: { id: nanoid(10), text }, timestamp: 0 } })
      const sent = pending
      const response = await ask('/api/push', { pushVersion: 1, ...group, mutations: sent.map(({ body }) => body) }, { cookie }).catch(ignoreNetwork)
      if (!response?.ok)
        return false
      acknowledged.push(...sent.map(({ text }) => text))
      pending = []
      return true
    },
    async texts() {
      const response = await fetch(`${edge}/api/export?format=json`, { headers: { cookie } })
      const { rows } = exported.parse(await response.json())
      return Object.values(rows).flatMap((row) => {
        const message = personMessage.safeParse(row)
        return message.success ? [message.data.text] : []
      })
    },
    async pull(from) {
      const response = await ask('/api/pull', { pullVersion: 1, ...group, cookie: from }, { cookie })
      return pulled.parse(await response.json())
    },
  }
}

/** An edge that was killed answers nothing. */
function ignoreNetwork(error: unknown): null {
  if (error instanceof TypeError)
    return null
  throw error
}
