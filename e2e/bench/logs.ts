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

/** The slowest time from the write of a line by a worker to the frame of the person's page that shows it. */
const TARGETS = { quietMs: 1_000, floodMs: 1_000 }

const LINES = 30
const BETWEEN_LINES_MS = 200

/** A worker that wrote nothing for so long waits for the stalled model. */
const STALLED_MS = 5_000

/** The worst output of a build; it lasts as long as the measured lines. */
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
  const task = await startTask(system, device)
  const path = await waitUntil('the worker\'s log', () => logOf(system))
  // From here on the worker only waits for its model, and the bench writes lines in its place.
  await waitUntil('the worker to wait for its model', async () => Date.now() - (await stat(path)).mtimeMs > STALLED_MS)
  const writer = createWriter(path, must((await linesOf(path)).at(-1), 'a line of the worker'))
  await device.page.evaluate(recordLines)

  const quiet = await measureLines(device, 'quiet', writer.write)
  const over = new AbortController()
  const flood = floodUntil(over.signal, writer.writeMany)
  const flooded = await measureLines(device, 'flooded', writer.write)
  over.abort()
  await flood
  const requests = await measureRequests(device, task)

  console.table(
    Object.entries({
      'a request for the whole log (baseline)': requests,
      'a line by itself': quiet,
      [`a line among ${(FLOOD.lines * 1000) / FLOOD.everyMs} a second`]: flooded,
    }).map(([what, times]) => ({
      what,
      'p50, ms': Math.round(median(times)),
      'slowest, ms': Math.round(Math.max(...times)),
      '× baseline': (median(times) / median(requests)).toFixed(2),
    })),
  )
  const figures: Record<keyof typeof TARGETS, number> = { quietMs: Math.round(Math.max(...quiet)), floodMs: Math.round(Math.max(...flooded)) }
  const missed = Object.entries(TARGETS).filter(([name, target]) => !(figures[name as keyof typeof TARGETS] <= target)).map(([name]) => name)
  console.log(JSON.stringify({ bench: 'logs', figures, targets: TARGETS, missed }))
  return missed.length === 0
}

/** Starts a task whose model stalls, waits for its worker and opens the task on the page. Returns the task's id. */
async function startTask({ model, runner }: System, device: Device): Promise<string> {
  model.fail('worker', { kind: 'stall', afterEvents: 3 }, 2)
  runner.start()
  await send(device.page, sample.message)
  await device.page.getByRole('button', { name: 'Start task' }).first().click()
  const { id } = await waitUntil('the worker to begin', async () => (await readRows(device)).tasks.find(({ state }) => state.status === 'implementing') ?? null)
  await device.page.goto(`${device.edge}/tasks/${id}`)
  await device.page.getByLabel('Log lines').waitFor()
  return id
}

/** The path of the worker's log once its agent stage has written a line; null before. */
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

/** Appends lines to a log as its worker does. */
function createWriter(path: string, { n: last, attempt }: LogLine) {
  let n = last
  const encode = (text: string): string => `${JSON.stringify({ n: ++n, attempt, at: Date.now(), stage: 'agent', kind: 'say', text } satisfies LogLine)}\n`
  return {
    write: (text: string) => appendFile(path, encode(text)),
    writeMany: (texts: readonly string[]) => appendFile(path, texts.map(encode).join('')),
  }
}

/** Runs in the page: records when each measured line is drawn, by the machine's clock. */
function recordLines(): void {
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

/** Milliseconds from the write of a line until it is drawn, one line after the other. */
async function measureLines({ page }: Device, name: string, write: (text: string) => Promise<void>): Promise<number[]> {
  const times: number[] = []
  for (let n = 0; n < LINES; n++) {
    const text = `Measured ${name} line ${n}`
    const since = Date.now()
    await write(text)
    times.push(await waitUntil(`"${text}" on the page`, () => page.evaluate(text => window.drawnAt[text] ?? null, text)) - since)
    await sleep(BETWEEN_LINES_MS)
  }
  return times
}

async function floodUntil(end: AbortSignal, writeMany: (texts: readonly string[]) => Promise<void>): Promise<void> {
  while (!end.aborted) {
    await writeMany(Array.from({ length: FLOOD.lines }, (_, n) => `[${n}] compiling one more of very many modules of the application`))
    await sleep(FLOOD.everyMs)
  }
}

/** Milliseconds of requests for the whole log, as a page sends them when it opens. */
async function measureRequests({ page, edge }: Device, task: string): Promise<number[]> {
  const times: number[] = []
  for (let n = 0; n < LINES; n++) {
    const since = performance.now()
    await (await page.request.get(`${edge}/api/tasks/${task}/log`)).body()
    times.push(performance.now() - since)
  }
  return times
}
