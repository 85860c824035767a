import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Miniflare } from 'miniflare'
import { build } from 'vite'

export interface BenchEdge {
  /** Sends one request to the object of this name; returns its JSON and its duration. */
  ask: (path: string, options?: { object?: string, body?: unknown }) => Promise<{ ms: number, answer: unknown }>
  close: () => Promise<void>
}

/** Runs one Durable Object class in workerd, without a development server in front. */
export async function startBenchEdge({ entry, binding, className }: { entry: string, binding: string, className: string }): Promise<BenchEdge> {
  const folder = await mkdtemp(join(tmpdir(), 'mainloop-bench-'))
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: { ssr: entry, outDir: folder, target: 'es2023', rolldownOptions: { external: ['cloudflare:workers'], output: { entryFileNames: 'index.js' } } },
  })
  const edge = new Miniflare({
    cf: false,
    resourcePersistencePath: join(folder, 'state'),
    workers: [{
      config: {
        name: 'bench',
        compatibilityDate: '2026-10-01',
        compatibilityFlags: ['nodejs_compat'],
        manifest: { mainModule: 'index.js', modules: { 'index.js': { type: 'esm', contents: await readFile(join(folder, 'index.js'), 'utf8') } } },
        exports: { [className]: { type: 'durable-object', storage: 'sqlite' } },
        env: { [binding]: { type: 'durable-object', worker: 'bench', exportName: className } },
      },
    }],
  })

  return {
    async ask(path, { object = 'bench', body } = {}) {
      const since = performance.now()
      const response = await edge.dispatchFetch(`http://localhost${path}`, {
        headers: { object },
        ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      })
      const text = await response.text()
      const ms = performance.now() - since
      if (!response.ok)
        throw new Error(`${path} was answered with ${response.status}: ${text}`)
      return { ms, answer: JSON.parse(text) }
    },
    async close() {
      await edge.dispose()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
