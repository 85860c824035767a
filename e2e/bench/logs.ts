import type { LogLine } from '#shared/protocol/log.ts'
import type { Device } from '../harness/device.ts'
import type { System } from '../harness/system.ts'
import { appendFile, glob, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { must } from '#shared/lib/must.ts'
import { logLine } from '#shared/protocol/log.ts'
import { sleep } from '../../runner/lib/sleep.ts'
import { waitUntil } from '../../scripts/lib/wait-until.ts'
import { sample } from '../fakes/sample.ts'
import build from '../harness/build.ts'
import { send } from '../harness/device.ts'
import { readRows } from '../harness/rows.ts'
import { startSystem } from '../harness/system.ts'
import { median } from './statistics.ts'

/** From a worker's writing a line to a frame of the person's page with the line in it, the slowest of all. */
const TARGETS = { quietMs: 1_000, floodMs: 1_000 }

const LINES = 30
const PAUSE_MS = 200

/** A worker that has said nothing for so long has come to the model's silence. */
const SILENCE_MS = 5_000

/** What a build prints at its worst, for as long as the lines take. */
const FLOOD = { lines: 100, everyMs: 100 }

declare global {
  interface Window { drawnAt: Record<string, number> }
}

await build()
const system = await startSystem('bench-logs')
try {
  process.exitCode = await measure(system) ? 0 : 1
}
finally {
  await system.close()
}

async function measure(system: System): Promise<boolean> {
  const device = await system.device('bench')
  const task = await begin(system, device)
  const path = await waitUntil('the worker\'s log', () => logOf(system))
  // The worker waits for its model and says nothing; the bench goes on in its place.
  await waitUntil('the worker to fall silent', async () => Date.now() - (await stat(path)).mtimeMs > SILENCE_MS)
  const writer = createWriter(path, must((await linesOf(path)).at(-1), 'a line of the worker'))
  await device.page.evaluate(noteLines)

  const quiet = await measureLines(device, 'quiet', writer.say)
  const over = new AbortController()
  const flood = floodUntil(over.signal, writer.sayMany)
  const flooded = await measureLines(device, 'flooded', writer.say)
  over.abort()
  await flood
  const asked = await measureRequests(device, task)

  console.table(
    Object.entries({
      'a request for the whole log (baseline)': asked,
      'a line by itself': quiet,
      [`a line among ${(FLOOD.lines * 1000) / FLOOD.everyMs} a second`]: flooded,
    }).map(([what, times]) => ({
      what,
      'p50, ms': Math.round(median(times)),
      'slowest, ms': Math.round(Math.max(...times)),
      '× baseline': (median(times) / median(asked)).toFixed(2),
    })),
  )
  const figures: Record<keyof typeof TARGETS, number> = { quietMs: Math.round(Math.max(...quiet)), floodMs: Math.round(Math.max(...flooded)) }
  const missed = Object.entries(TARGETS).filter(([name, target]) => !(figures[name as keyof typeof TARGETS] <= target)).map(([name]) => name)
  console.log(JSON.stringify({ bench: 'logs', figures, targets: TARGETS, missed }))
  return missed.length === 0
}

/** A task whose worker has begun, on the page; the model falls silent on it. */
async function begin({ model, runner }: System, device: Device): Promise<string> {
  model.fail('worker', { kind: 'stall', afterEvents: 3 }, 2)
  runner.start()
  await send(device.page, sample.message)
  await device.page.getByRole('button', { name: 'Start task' }).first().click()
  const { id } = await waitUntil('the worker to begin', async () => (await readRows(device)).tasks.find(({ state }) => state.status === 'implementing') ?? null)
  await device.page.goto(`${device.edge}/tasks/${id}`)
  await device.page.getByLabel('Log lines').waitFor()
  return id
}

/** Once the agent's stage has said something. */
async function logOf({ runner }: System): Promise<string | null> {
  for await (const name of glob('**/log.jsonl', { cwd: runner.work })) {
    const path = join(runner.work, name)
    if ((await linesOf(path)).some(({ stage }) => stage === 'agent'))
      return path
  }
  return null
}

async function linesOf(path: string): Promise<LogLine[]> {
  return (await readFile(path, 'utf8')).split('\n').filter(line => line !== '').map(line => logLine.parse(JSON.parse(line)))
}

/** Writes further lines of a log as its worker does. */
function createWriter(path: string, { n: last, attempt }: LogLine) {
  let n = last
  const encode = (text: string): string => `${JSON.stringify({ n: ++n, attempt, at: Date.now(), stage: 'agent', kind: 'say', text } satisfies LogLine)}\n`
  return {
    say: (text: string) => appendFile(path, encode(text)),
    sayMany: (texts: readonly string[]) => appendFile(path, texts.map(encode).join('')),
  }
}

/** Runs in the page: when each measured line was drawn, on the clock of this machine. */
function noteLines(): void {
  const log = document.querySelector('[aria-label="Log lines"]')
  if (log === null)
    throw new Error('the page shows no log')
  window.drawnAt = {}
  new MutationObserver((records) => {
    for (const { addedNodes } of records) {
      for (const node of addedNodes) {
        const measured = /Measured \w+ line \d+/.exec(node.textContent ?? '')?.[0]
        if (measured !== undefined)
          requestAnimationFrame(() => window.drawnAt[measured] ??= Date.now())
      }
    }
  }).observe(log, { childList: true, subtree: true })
}

/** Milliseconds from a line's being written to its being drawn, one line after the other. */
async function measureLines({ page }: Device, name: string, say: (text: string) => Promise<void>): Promise<number[]> {
  const times: number[] = []
  for (let n = 0; n < LINES; n++) {
    const text = `Measured ${name} line ${n}`
    const since = Date.now()
    await say(text)
    times.push(await waitUntil(`"${text}" on the page`, () => page.evaluate(text => window.drawnAt[text] ?? null, text)) - since)
    await sleep(PAUSE_MS)
  }
  return times
}

async function floodUntil(end: AbortSignal, sayMany: (texts: readonly string[]) => Promise<void>): Promise<void> {
  while (!end.aborted) {
    await sayMany(Array.from({ length: FLOOD.lines }, (_, n) => `[${n}] compiling one more of very many modules of the application`))
    await sleep(FLOOD.everyMs)
  }
}

/** Milliseconds of asking for the log as a page that was just opened does. */
async function measureRequests({ page, edge }: Device, task: string): Promise<number[]> {
  const times: number[] = []
  for (let n = 0; n < LINES; n++) {
    const since = performance.now()
    await (await page.request.get(`${edge}/api/tasks/${task}/log`)).body()
    times.push(performance.now() - since)
  }
  return times
}
