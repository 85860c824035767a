import type { ContenderName } from './sync/contenders.ts'
import process from 'node:process'
import * as z from 'zod'
import { must } from '#shared/lib/must.ts'
import build from '../harness/build.ts'
import { startBenchEdge } from './bench-edge.ts'
import { median, pairedRatio, percentile } from './statistics.ts'
import { contenders } from './sync/contenders.ts'
import { createPersonFactory } from './sync/create-person.ts'
import { startDelayProxy } from './sync/delay-proxy.ts'
import { startDevices } from './sync/devices.ts'
import { measureBurst, measureLatency } from './sync/measure.ts'
import { startWorkers } from './sync/workers.ts'

/** Measures how long a change takes from one device to another, beside bare sockets and other libraries in the same run. */
const ROUNDS = Number(process.env.MAINLOOP_ROUNDS ?? 5)
/** Enough for a p99 on loopback that is not left to chance: of 200 samples it would be the third from the end. */
const SAMPLES = { loopback: 400, distant: 40 }
const BURST_MESSAGES = 2_000

/** 40 ms of round trip. */
const ONE_WAY_MS = 20

/** Ratios to "raw + insert" and rows are upper bounds, "stock" and the rate lower ones. */
const TARGETS = {
  loopbackP50: 2.5,
  loopbackP99: 2.5,
  distantP50: 1.06,
  distantP99: 1.10,
  stockLoopback: 7,
  stockDistant: 2.3,
  burstPerSecond: 3_500,
  rowsPerMessage: 3,
}

await build()
const workers = await startWorkers()
const newPerson = createPersonFactory(workers.setupSecret)
const devices = startDevices()
const far = {
  mainloop: await startDelayProxy(workers.mainloop, ONE_WAY_MS),
  peers: await startDelayProxy(workers.peers, ONE_WAY_MS),
}

const farUrls = { mainloop: far.mainloop.url, peers: far.peers.url }

interface Series { p50: number[], p99: number[] }
const names = Object.keys(contenders) as ContenderName[]
const loopback = new Map<ContenderName, Series>()
const distant = new Map<ContenderName, Series>()
const bursts = new Map<ContenderName, number[]>()

for (let round = 0; round < ROUNDS; round++) {
  for (const name of names) {
    add(loopback, name, await measureLatency(devices, name, await room(name, `${round}-near`, workers), SAMPLES.loopback))
    add(distant, name, await measureLatency(devices, name, await room(name, `${round}-far`, farUrls), SAMPLES.distant))
    const burst = await measureBurst(devices, name, await room(name, `${round}-burst`, workers), BURST_MESSAGES)
    bursts.set(name, [...bursts.get(name) ?? [], burst])
    process.stderr.write('.')
  }
}
process.stderr.write('\n')
await devices.end()
far.mainloop.close()
far.peers.close()
await workers.close()

console.table(names.map(name => ({
  'contender': name,
  'loopback p50/p99, ms': formatSeries(loopback, name),
  '× raw + insert': ratio(loopback, name, 'p50').toFixed(2),
  [`${2 * ONE_WAY_MS} ms RTT p50/p99, ms`]: formatSeries(distant, name),
  '×': ratio(distant, name, 'p50').toFixed(2),
  'burst, messages/s': Math.round(median(must(bursts.get(name), name))),
})))

const figures = {
  loopbackP50: ratio(loopback, 'mainloop', 'p50'),
  loopbackP99: ratio(loopback, 'mainloop', 'p99'),
  distantP50: ratio(distant, 'mainloop', 'p50'),
  distantP99: ratio(distant, 'mainloop', 'p99'),
  stockLoopback: ratio(loopback, 'stock Replicache', 'p50', 'mainloop'),
  stockDistant: ratio(distant, 'stock Replicache', 'p50', 'mainloop'),
  burstPerSecond: median(must(bursts.get('mainloop'), 'bursts')),
  rowsPerMessage: await countRowsPerMessage(),
}
const atLeast = new Set(['stockLoopback', 'stockDistant', 'burstPerSecond'])
const missed = Object.entries(TARGETS).filter(([name, target]) => {
  const figure = figures[name as keyof typeof TARGETS]
  return !(atLeast.has(name) ? figure >= target : figure <= target)
})
for (const [name, target] of missed)
  console.log(`missed: ${name} is ${figures[name as keyof typeof TARGETS].toFixed(2)}, at ${atLeast.has(name) ? 'least' : 'most'} ${target} was wanted`)
process.exitCode = missed.length > 0 ? 1 : 0
console.log(JSON.stringify({ bench: 'sync', figures, targets: TARGETS }))

/** A new room; with a new person for the contenders that need one. */
async function room(name: ContenderName, which: string, urls: { mainloop: string, peers: string }) {
  const { worker } = contenders[name]
  const url = urls[worker]
  return { url, room: `round-${which}-${name.replaceAll(/\W+/g, '-')}`, cookie: worker === 'mainloop' ? await newPerson(url) : '' }
}

/** The most rows that one of several messages writes, index rows included. */
async function countRowsPerMessage(): Promise<number> {
  const edge = await startBenchEdge({ entry: 'edge/sync/testing/bench-worker.ts', binding: 'SYNC', className: 'SyncBench' })
  try {
    return Math.max(...z.array(z.number()).parse((await edge.ask('/')).answer))
  }
  finally {
    await edge.close()
  }
}

function add(to: Map<ContenderName, Series>, name: ContenderName, times: readonly number[]): void {
  const series = to.get(name) ?? { p50: [], p99: [] }
  series.p50.push(median(times))
  series.p99.push(percentile(times, 0.99))
  to.set(name, series)
}

function ratio(of: Map<ContenderName, Series>, name: ContenderName, which: keyof Series, base: ContenderName = 'raw + insert'): number {
  return pairedRatio(must(of.get(name), name)[which], must(of.get(base), base)[which])
}

function formatSeries(of: Map<ContenderName, Series>, name: ContenderName): string {
  const { p50, p99 } = must(of.get(name), name)
  return `${median(p50).toFixed(2)} / ${median(p99).toFixed(2)}`
}
