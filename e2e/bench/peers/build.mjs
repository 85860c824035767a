import { join } from 'node:path'
import { build } from 'esbuild'

/** Bundles the peers' Worker into one module and returns its source. */
export async function buildPeers() {
  const { outputFiles: [file] } = await build({
    entryPoints: [join(import.meta.dirname, 'worker.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
    alias: { path: 'node:path' },
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'error',
  })
  return file.text
}
