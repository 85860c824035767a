import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Miniflare } from 'miniflare'
import { must } from '#shared/lib/must.ts'
import { pullPatch, SCHEMA_VERSION } from '#shared/protocol/replicache.ts'
import { newSecret } from '../../scripts/lib/settings.ts'
import { builtWorker } from '../harness/built-worker.ts'
import { seedMessages } from '../harness/seed-messages.ts'

export interface StoredEdge {
  messages: number
  /** Milliseconds and bytes of the first pull of a new device. */
  firstPull: () => Promise<{ ms: number, bytes: number }>
  /** Milliseconds of a device's pull after one change. */
  incrementalPull: () => Promise<number>
  close: () => Promise<void>
}

/** Runs the built Worker in workerd, without a development server in front, with so many stored messages. */
export async function openStoredEdge(messages: number): Promise<StoredEdge> {
  const state = await mkdtemp(join(tmpdir(), 'mainloop-growth-'))
  const setupSecret = newSecret()
  const first = await start(state, setupSecret)
  const headers = { 'origin': 'http://localhost', 'content-type': 'application/json', 'cookie': '' }
  const paired = await call(first, '/api/pair', { secret: setupSecret, name: 'bench' })
  headers.cookie = must(paired.response.headers.get('set-cookie')?.split(';')[0], 'a device cookie')
  await first.dispose()
  await seedMessages(state, messages)
  const edge = await start(state, setupSecret)

  const group = randomUUID()
  let cookie = (await pull(group, null)).cookie
  let mutations = 0

  async function call(to: Miniflare, path: string, body: unknown) {
    const since = performance.now()
    const response = await to.dispatchFetch(`http://localhost${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    const text = await response.text()
    if (!response.ok)
      throw new Error(`${path} was answered with ${response.status}: ${text}`)
    return { response, text, ms: performance.now() - since }
  }

  async function pull(clientGroupID: string, after: unknown) {
    const { text, ms } = await call(edge, '/api/pull', { pullVersion: 1, schemaVersion: SCHEMA_VERSION, profileID: 'bench', clientGroupID, cookie: after })
    return { ms, bytes: text.length, cookie: pullPatch.parse(JSON.parse(text)).cookie }
  }

  return {
    messages,
    firstPull: () => pull(randomUUID(), null),
    async incrementalPull() {
      mutations += 1
      const mutation = mutations % 2 === 1
        ? { name: 'addNote', args: { id: `note-${mutations}`, text: 'Ship it.' } }
        : { name: 'deleteNote', args: { id: `note-${mutations - 1}` } }
      await call(edge, '/api/push', {
        pushVersion: 1,
        schemaVersion: SCHEMA_VERSION,
        profileID: 'bench',
        clientGroupID: group,
        mutations: [{ clientID: 'bench', id: mutations, timestamp: 0, ...mutation }],
      })
      const pulled = await pull(group, cookie)
      cookie = pulled.cookie
      return pulled.ms
    },
    async close() {
      await edge.dispose()
      await rm(state, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

async function start(state: string, setupSecret: string): Promise<Miniflare> {
  const vars = { SETUP_SECRET: setupSecret, RUNNER_TOKEN: newSecret(), MODEL: 'demo' }
  return new Miniflare({ cf: false, resourcePersistencePath: state, workers: [{ config: await builtWorker('dist', vars) }] })
}
