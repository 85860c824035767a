import type { ObjectStub, ServerSocket } from 'cloudflare:workers'
import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { must } from '#shared/lib/must.ts'
import { messageKey } from '#shared/model/message.ts'
import { LIVE_PROTOCOL_VERSION } from '#shared/protocol/live.ts'

/** Everything that can happen to the real object of one person. */
export interface Edge {
  dial: () => Promise<ServerSocket>
  /** Out of memory; its sockets stay open. */
  sleep: () => Promise<void>
  /** Out of memory, its sockets closed. */
  evict: () => Promise<void>
  /** Killed in the middle of whatever it does. */
  kill: () => Promise<void>
  /** What was deleted is forgotten up to now, and the clients that may be. */
  prune: () => Promise<void>
  /** As after storage was restored: no cookie is worth anything. */
  forget: () => Promise<void>
  /** Messages of a long past. */
  remember: (messages: number) => Promise<void>
  rows: () => Promise<Record<string, unknown>>
}

/** As the Worker hands the object a device that it has let in. */
const TOKEN = 'token'

export async function openEdge(name: string): Promise<Edge> {
  const stub = (): ObjectStub => env.MAINLOOP.getByName(name)
  async function leave(webSockets: 'hibernate' | 'close') {
    await evictDurableObject(stub(), { webSockets }).catch((error) => {
      if (!String(error).includes('not currently running'))
        throw error
    })
  }

  await stub().addDevice('Test device', TOKEN)

  return {
    async dial() {
      const url = `http://mainloop/live?token=${TOKEN}&protocol=${LIVE_PROTOCOL_VERSION}`
      const { webSocket, status } = await stub().fetch(url, { headers: { Upgrade: 'websocket' } })
      return must(webSocket, `a socket in an answer with status ${status}`)
    },
    sleep: () => leave('hibernate'),
    evict: () => leave('close'),
    // Who is inside when it dies hears of it.
    kill: () => runInDurableObject(stub(), (_, state) => state.abort('killed by the test')).catch(() => {}),
    async prune() {
      await runInDurableObject(stub(), (_, { storage: { sql } }) => {
        sql.exec('DELETE FROM horizons')
        sql.exec('INSERT INTO horizons (at, version) SELECT 0, MAX(version) FROM rows')
      })
      // It looks when it wakes.
      await leave('hibernate')
    },
    async forget() {
      await runInDurableObject(stub(), (_, { storage: { sql } }) => {
        sql.exec('INSERT INTO meta (key, value) VALUES (\'epoch\', \'2\') ON CONFLICT (key) DO UPDATE SET value = value + 1')
      })
      // It is another object that wakes on restored storage.
      await leave('hibernate')
    },
    async remember(messages) {
      await runInDurableObject(stub(), (_, { storage: { sql } }) => {
        for (let n = 1; n <= messages; n++) {
          sql.exec(
            'INSERT INTO rows (key, version, value) VALUES (?, 1, ?)',
            messageKey(n),
            JSON.stringify({ kind: 'event', id: `m${n}`, at: n, task: 'abcdefghi1', text: 'Long ago.' }),
          )
        }
      })
      await leave('hibernate')
    },
    rows: () => runInDurableObject(stub(), (_, { storage: { sql } }) => Object.fromEntries(
      sql.exec('SELECT key, value FROM rows WHERE value IS NOT NULL').toArray().map(({ key, value }) => [key, JSON.parse(String(value))]),
    )),
  }
}
