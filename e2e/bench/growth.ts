import process from 'node:process'
import build from '../harness/build.ts'
import { openStoredEdge } from './growth-edge.ts'
import { openSyncedPage } from './growth-page.ts'
import { median, pairedRatio } from './statistics.ts'

/** Checks that a longer history costs nothing at the edge, on the device and on the screen. All sizes are measured in one run. */
const STORED = [1_000, 10_000, 100_000] as const
const SYNCED = [100, 10_000] as const
const ROUNDS = 60
const REOPENS = 9
const SENDS = 20

const TARGETS = { incrementalPull: 1.1, firstPull: 1.1, firstPullBytes: 250_000, mutateMs: 1000 / 60, reopen: 1.2, longTasks: 0 }
const NAMES = ['incrementalPull', 'firstPull', 'firstPullBytes', 'mutateMs', 'reopen', 'longTasks'] as const

await build()
const edge = await measureEdge()
const page = await measurePage()
const figures = { ...edge, ...page }
const missed = NAMES.filter(name => !(figures[name] <= TARGETS[name]))
for (const name of missed)
  console.log(`missed: ${name} is ${figures[name]}, at most ${TARGETS[name]} was wanted`)
process.exitCode = missed.length > 0 ? 1 : 0
console.log(JSON.stringify({ bench: 'growth', figures, targets: TARGETS }))

async function measureEdge() {
  const edges = await Promise.all(STORED.map(openStoredEdge))
  const results = edges.map(({ messages }) => ({ messages, incremental: [] as number[], first: [] as number[], bytes: 0 }))
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, stored] of edges.entries()) {
      const result = results[i]
      if (!result)
        continue
      result.incremental.push(await stored.incrementalPull())
      const { ms, bytes } = await stored.firstPull()
      result.first.push(ms)
      result.bytes = bytes
    }
  }
  await Promise.all(edges.map(stored => stored.close()))

  const [few, , many] = results
  if (!few || !many)
    throw new Error('nothing was measured')
  console.table(results.map(({ messages, incremental, first, bytes }) => ({
    'messages stored': messages,
    'incremental pull, ms': median(incremental).toFixed(2),
    '×': pairedRatio(incremental, few.incremental).toFixed(2),
    'first pull, ms': median(first).toFixed(2),
    '× ': pairedRatio(first, few.first).toFixed(2),
    'first pull, bytes': bytes,
  })))
  return {
    incrementalPull: pairedRatio(many.incremental, few.incremental),
    firstPull: pairedRatio(many.first, few.first),
    firstPullBytes: Math.max(...results.map(({ bytes }) => bytes)),
  }
}

async function measurePage() {
  const [few, many] = [await openSyncedPage(SYNCED[0]), await openSyncedPage(SYNCED[1])]
  const reopened = { few: [] as number[], many: [] as number[] }
  for (let round = 0; round < REOPENS; round++) {
    reopened.few.push(await few.reopen())
    reopened.many.push(await many.reopen())
  }
  const longTasks = await many.scroll()
  await many.reopen()
  const sent = { few: await repeat(SENDS, few.mutate), many: await repeat(SENDS, many.mutate) }
  await Promise.all([few.close(), many.close()])

  console.table([
    {
      'messages synced': SYNCED[0],
      'reopen to first message, ms': median(reopened.few).toFixed(0),
      '×': '1.00',
      'mutate to screen, ms': median(sent.few).toFixed(2),
      'long tasks while scrolling': '',
    },
    {
      'messages synced': SYNCED[1],
      'reopen to first message, ms': median(reopened.many).toFixed(0),
      '×': pairedRatio(reopened.many, reopened.few).toFixed(2),
      'mutate to screen, ms': median(sent.many).toFixed(2),
      'long tasks while scrolling': longTasks.length === 0 ? 'none' : `${longTasks.length}, the longest ${Math.max(...longTasks).toFixed(0)} ms`,
    },
  ])
  return { mutateMs: median(sent.many), reopen: pairedRatio(reopened.many, reopened.few), longTasks: longTasks.length }
}

async function repeat(times: number, measure: () => Promise<number>): Promise<number[]> {
  const values: number[] = []
  for (let n = 0; n < times; n++)
    values.push(await measure())
  return values
}
