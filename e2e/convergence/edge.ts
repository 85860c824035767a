import type { ObjectStub, ServerSocket } from 'cloudflare:workers'
import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { must } from '#shared/lib/must.ts'
import { messageKey } from '#shared/model/message.ts'
import { LIVE_PROTOCOL_VERSION } from '#shared/protocol/live.ts'

/** The real object of one person, with all its faults. */
export interface Edge {
  dial: () => Promise<ServerSocket>
  /** Evicts the object from memory; its sockets stay open. */
  sleep: () => Promise<void>
  /** Evicts the object from memory and closes its sockets. */
  evict: () => Promise<void>
  /** Kills the object, possibly in the middle of a write. */
  kill: () => Promise<void>
  /** Makes the object forget all deletions up to now, and the clients that it may forget. */
  prune: () => Promise<void>
  /** Raises the epoch, as after a restore of the storage, so that no cookie is valid. */
  forget: () => Promise<void>
  /** Stores old messages, so that the window does not hold everything. */
  remember: (messages: number) => Promise<void>
  rows: () => Promise<Record<string, unknown>>
}

/** The token hash under which the Worker would forward the device to the object. */
const TOKEN = 'token'

export async function openEdge(name: string): Promise<Edge> {
  const stub = (): ObjectStub => env.MAINLOOP.getByName(name)
  async function unload(webSockets: 'hibernate' | 'close') {
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
    sleep: () => unload('hibernate'),
    evict: () => unload('close'),
    // The abort also rejects this very call.
    kill: () => runInDurableObject(stub(), (_, state) => state.abort('killed by the test')).catch(() => {}),
    async prune() {
      await runInDurableObject(stub(), (_, { storage: { sql } }) => {
        sql.exec('DELETE FROM horizons')
        sql.exec('INSERT INTO horizons (at, version) SELECT 0, MAX(version) FROM rows')
      })
      // The object reads the horizons when it wakes.
      await unload('hibernate')
    },
    async forget() {
      await runInDurableObject(stub(), (_, { storage: { sql } }) => {
        sql.exec('INSERT INTO meta (key, value) VALUES (\'epoch\', \'2\') ON CONFLICT (key) DO UPDATE SET value = value + 1')
      })
      // The object reads the epoch when it wakes, as it does on restored storage.
      await unload('hibernate')
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
      await unload('hibernate')
    },
    rows: () => runInDurableObject(stub(), (_, { storage: { sql } }) => Object.fromEntries(
      sql.exec('SELECT key, value FROM rows WHERE value IS NOT NULL').toArray().map(({ key, value }) => [key, JSON.parse(String(value))]),
    )),
  }
}
