import type { ServedEdge } from './edge.ts'
import process from 'node:process'
import { Miniflare } from 'miniflare'
import { must } from '#shared/lib/must.ts'
import { builtWorker } from './built-worker.ts'

// A process of its own, so that it can be killed.
const { build, port, host, state, vars }: ServedEdge = JSON.parse(must(process.argv[2], 'what to serve'))
const edge = new Miniflare({ cf: false, host, port, resourcePersistencePath: state, workers: [{ config: await builtWorker(build, vars) }] })
process.once('SIGTERM', () => edge.dispose())
await edge.ready
