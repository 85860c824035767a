import { randomUUID } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Miniflare } from 'miniflare'
import { must } from '#shared/lib/must.ts'
import { pullPatch, SCHEMA_VERSION } from '#shared/protocol/replicache.ts'
import { newSecret } from '../../scripts/lib/settings.ts'
import { seedMessages } from '../harness/seed-messages.ts'

const DIST = join(import.meta.dirname, '..', '..', 'dist', 'mainloop')

export interface StoredEdge {
  messages: number
  /** Milliseconds and bytes of what a new device gets first. */
  firstPull: () => Promise<{ ms: number, bytes: number }>
  /** Milliseconds of what a device gets after one change. */
  incrementalPull: () => Promise<number>
  close: () => Promise<void>
}

/** The built Worker in workerd, without any development server in front, with a past of so many messages. */
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
      const args = { id: `note-${mutations}`, text: 'Ship it.' }
      await call(edge, '/api/push', {
        pushVersion: 1,
        schemaVersion: SCHEMA_VERSION,
        profileID: 'bench',
        clientGroupID: group,
        mutations: [{ clientID: 'bench', id: mutations, name: mutations % 2 === 1 ? 'addNote' : 'deleteNote', args: mutations % 2 === 1 ? args : { id: `note-${mutations - 1}` }, timestamp: 0 }],
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
  const files = (await readdir(DIST, { recursive: true })).filter(file => file.endsWith('.js'))
  const modules = await Promise.all(files.map(async file => [file, { type: 'esm' as const, contents: await readFile(join(DIST, file), 'utf8') }] as const))
  return new Miniflare({
    cf: false,
    resourcePersistencePath: state,
    workers: [{
      config: {
        name: 'mainloop',
        compatibilityDate: '2026-10-01',
        compatibilityFlags: ['nodejs_compat'],
        manifest: { mainModule: 'index.js', modules: Object.fromEntries(modules) },
        exports: { Mainloop: { type: 'durable-object', storage: 'sqlite' }, Lobby: { type: 'durable-object', storage: 'sqlite' } },
        env: {
          MAINLOOP: { type: 'durable-object', worker: 'mainloop', exportName: 'Mainloop' },
          LOBBY: { type: 'durable-object', worker: 'mainloop', exportName: 'Lobby' },
          ATTACHMENTS: { type: 'r2', name: 'mainloop-attachments' },
          WRONG_TOKENS: { type: 'rate-limit', namespace: '1', simple: { limit: 100, period: 60 } },
          ...variables({ SETUP_SECRET: setupSecret, RUNNER_TOKEN: newSecret(), MODEL: 'demo', EPOCH: '1' }),
        },
      },
    }],
  })
}

function variables(values: Record<string, string>) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { type: 'text' as const, value }]))
}
