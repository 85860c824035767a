import type { AddressInfo } from 'node:net'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Miniflare } from 'miniflare'
import { buildPeers } from '../peers/build.mjs'

const DIST = join(import.meta.dirname, '..', '..', '..', 'dist', 'mainloop')

export interface Workers {
  mainloop: string
  peers: string
  setupSecret: string
  close: () => Promise<void>
}

/** Starts the built edge and the peers' Worker, each in a workerd of its own with storage on disk and no development server. */
export async function startWorkers(): Promise<Workers> {
  const state = await mkdtemp(join(tmpdir(), 'mainloop-bench-'))
  const setupSecret = randomBytes(24).toString('base64url')
  // A model that never answers keeps replies to the messages out of the figures.
  const silent = createServer(() => {})
  await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve))
  const model = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`

  const mainloop = worker(join(state, 'mainloop'), {
    name: 'mainloop',
    modules: await builtModules(),
    objects: { MAINLOOP: 'Mainloop', PAIRING_REGISTRY: 'PairingRegistry' },
    vars: {
      SETUP_SECRET: setupSecret,
      RUNNER_TOKEN: randomBytes(24).toString('base64url'),
      MODEL: 'silent',
      ANTHROPIC_API_KEY: 'none',
      ANTHROPIC_BASE_URL: model,
    },
  })
  const peers = worker(join(state, 'peers'), {
    name: 'peers',
    modules: { 'index.js': await buildPeers() },
    objects: { RAW: 'Raw', INSERT: 'Insert', Y: 'Y', State: 'State', TINY: 'Tiny' },
    vars: {},
  })
  const [mainloopUrl, peersUrl] = await Promise.all([mainloop.ready, peers.ready])
  return {
    mainloop: mainloopUrl.origin,
    peers: peersUrl.origin,
    setupSecret,
    async close() {
      await Promise.all([mainloop.dispose(), peers.dispose()])
      silent.closeAllConnections()
      silent.close()
      await rm(state, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

async function builtModules(): Promise<Record<string, string>> {
  const files = (await readdir(DIST, { recursive: true })).filter(file => file.endsWith('.js'))
  return Object.fromEntries(await Promise.all(files.map(async file => [file, await readFile(join(DIST, file), 'utf8')] as const)))
}

interface WorkerSpec { name: string, modules: Record<string, string>, objects: Record<string, string>, vars: Record<string, string> }

function worker(state: string, { name, modules, objects, vars }: WorkerSpec): Miniflare {
  return new Miniflare({
    cf: false,
    host: '127.0.0.1',
    port: 0,
    resourcePersistencePath: state,
    workers: [{
      config: {
        name,
        compatibilityDate: '2026-10-01',
        compatibilityFlags: ['nodejs_compat'],
        manifest: { mainModule: 'index.js', modules: mapValues(modules, contents => ({ type: 'esm' as const, contents })) },
        exports: Object.fromEntries(Object.values(objects).map(exported => [exported, { type: 'durable-object' as const, storage: 'sqlite' as const }])),
        env: {
          ...mapValues(objects, exportName => ({ type: 'durable-object' as const, worker: name, exportName })),
          ...mapValues(vars, value => ({ type: 'text' as const, value })),
          ATTACHMENTS: { type: 'r2', name: 'mainloop-attachments' },
          WRONG_TOKENS: { type: 'rate-limit', namespace: '1', simple: { limit: 100, period: 60 } },
        },
      },
    }],
  })
}

function mapValues<T, U>(record: Record<string, T>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}
