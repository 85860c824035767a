import type { ServedEdge } from './served-edge.ts'
import process from 'node:process'
import { Log, LogLevel, Miniflare } from 'miniflare'
import { must } from '#shared/lib/must.ts'
import { builtWorker } from './built-worker.ts'

// A process of its own, so that a spec can kill it. On SIGTERM, Miniflare ends workerd itself.
const { build, port, host, state, vars }: ServedEdge = JSON.parse(must(process.argv[2], 'an argument with the options'))
const edge = new Miniflare({
  cf: false,
  host,
  port,
  log: new Log(LogLevel.INFO),
  resourcePersistencePath: state,
  workers: [{ config: await builtWorker(build, vars) }],
})
await edge.ready
