import type { MeasuredHome } from './measured-home.ts'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { execa } from 'execa'
import build from '../harness/build.ts'
import { startMeasuredHome } from './measured-home.ts'
import { median, percentile } from './statistics.ts'

/** Measures the self-hosted edge against Miniflare with the same build. They take turns, so that a slow moment affects both. */
const ROUNDS = 5
const BACKUPS = 5
/** Pushes before, and about as long as the backups take. */
const QUIET_MS = 10_000

/** Ratios to Miniflare; times and memory at most, rates at least. `backup`: p99 of a push during backups to that without. */
const TARGETS = { start: 0.6, idle: 0.5, devices: 0.5, pulls: 0.9, messages: 0.9, backup: 4 }
const AT_LEAST: readonly string[] = ['pulls', 'messages']

await build()
const folder = await mkdtemp(join(tmpdir(), 'mainloop-home-'))
try {
  await using miniflare = await startMeasuredHome('miniflare', join(folder, 'miniflare'))
  await using workerd = await startMeasuredHome('workerd', join(folder, 'workerd'))
  process.exitCode = await measure({ miniflare, workerd }) ? 0 : 1
}
finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
}

async function measure({ miniflare, workerd }: Record<'miniflare' | 'workerd', MeasuredHome>): Promise<boolean> {
  const kinds: Record<string, (home: MeasuredHome) => Promise<number>> = {
    start: home => home.restart(),
    idle: home => home.memory(0),
    devices: home => home.memory(20),
    pulls: home => home.pullsPerSecond(),
    messages: home => home.messagesPerSecond(),
  }
  const units = { start: 'ms until healthy', idle: 'MB, idle', devices: 'MB, with 20 devices', pulls: 'pulls a second', messages: 'messages a second' }
  const figures: Record<string, number> = {}
  const table: Record<string, string>[] = []
  for (const [name, ask] of Object.entries(kinds)) {
    const values: [number, number][] = []
    for (let round = 0; round < ROUNDS; round++)
      values.push([await ask(workerd), await ask(miniflare)])
    const [own, other] = [median(values.map(([own]) => own)), median(values.map(([, other]) => other))]
    figures[name] = Number(median(values.map(([own, other]) => own / other)).toFixed(3))
    table.push({ what: units[name as keyof typeof units], workerd: own.toFixed(0), miniflare: other.toFixed(0), ratio: figures[name].toFixed(2) })
  }
  console.table(table)

  const quiet = await workerd.pushTimes(AbortSignal.timeout(QUIET_MS))
  const during = await pushesDuringBackups(workerd)
  figures.backup = Number((percentile(during, 0.99) / percentile(quiet, 0.99)).toFixed(3))
  console.table([['without a backup', quiet] as const, ['during backups', during] as const].map(([when, times]) => ({
    'a push, ms': when,
    'p50': median(times).toFixed(2),
    'p99': percentile(times, 0.99).toFixed(2),
    'pushes': times.length,
  })))

  const missed = Object.entries(TARGETS).filter(([name, target]) => {
    const figure = figures[name] ?? Number.NaN
    return !(AT_LEAST.includes(name) ? figure >= target : figure <= target)
  })
  for (const [name, target] of missed)
    console.log(`missed: ${name} is ${figures[name]}, ${AT_LEAST.includes(name) ? 'at least' : 'at most'} ${target} was wanted`)
  console.log(JSON.stringify({ bench: 'home', figures, targets: TARGETS }))
  return missed.length === 0
}

/** As the second container of the pod takes them: by a program of its own. */
async function pushesDuringBackups(home: MeasuredHome): Promise<number[]> {
  const isOver = new AbortController()
  const times = home.pushTimes(isOver.signal)
  for (let n = 0; n < BACKUPS; n++)
    await execa('node', ['runner/main.ts', 'backup', '--data', join(folder, 'workerd'), '--to', join(folder, 'backups')], { preferLocal: true })
  isOver.abort()
  return await times
}
