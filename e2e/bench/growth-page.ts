import type { RestartableDevice } from '../harness/restartable-device.ts'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newSecret } from '../../scripts/lib/settings.ts'
import { waitUntil } from '../../scripts/lib/wait-until.ts'
import { startEdge } from '../harness/edge.ts'
import { freePort } from '../harness/free-port.ts'
import { pairRestartableDevice } from '../harness/restartable-device.ts'
import { seedMessages } from '../harness/seed-messages.ts'

/** The backfill comes in chunks with waits between them, and the machine may be busy. */
const BACKFILL_TIMEOUT_MS = 120_000

export interface SyncedPage {
  /** Milliseconds from opening the app, which runs from its service worker, to a frame with a message in it. */
  reopen: () => Promise<number>
  /** Milliseconds from sending a message until it is drawn. */
  mutate: () => Promise<number>
  /** Scrolls from the newest message to the first; returns the milliseconds of each task that blocked the page for more than 50. */
  scroll: () => Promise<number[]>
  close: () => Promise<void>
}

/** Opens the built app in Chromium with so many messages, all of them synced to the device. */
export async function openSyncedPage(messages: number): Promise<SyncedPage> {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'mainloop-growth-'))
  stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  const setupSecret = newSecret()
  const edge = await startEdge({ port: await freePort(), state: folder, vars: { SETUP_SECRET: setupSecret, RUNNER_TOKEN: newSecret() }, log: () => {} })
  stack.defer(edge.stop)
  // The first request creates the storage.
  await fetch(`${edge.url}/api/pair`, { method: 'POST', headers: { origin: edge.url }, body: JSON.stringify({ secret: setupSecret, name: 'first' }) })
  await edge.stop()
  await seedMessages(folder, messages)
  await edge.start()
  const device = await pairRestartableDevice({ edge, setupSecret }, 'bench')
  stack.defer(device.close)
  await untilSynced(device)
  await device.page.evaluate(() => navigator.serviceWorker.ready)
  const { page } = device
  await page.addInitScript(recordFirstPaint)
  const opened = stack.move()
  return {
    async reopen() {
      await page.goto('about:blank')
      await page.goto(edge.url)
      return await waitUntil('the first message', () => page.evaluate(() => window.painted ?? null))
    },
    mutate: () => page.evaluate(timeToDraw),
    scroll: () => page.evaluate(scrollToFirst),
    close: () => opened.disposeAsync(),
  }
}

declare global {
  interface Window { painted?: number }
}

/** Waits until the first message is the lower end of the device's window, and everything is stored on the device. */
async function untilSynced({ page }: RestartableDevice): Promise<void> {
  let floor = false
  page.on('websocket', socket => socket.on('framereceived', ({ payload }) => {
    floor ||= /\\?"floor\\?":[01]\b/.test(String(payload))
  }))
  await page.reload()
  await waitUntil('all messages to be on the device', () => floor, { timeoutMs: BACKFILL_TIMEOUT_MS })
  // The device writes its storage half a second after the last change.
  await page.waitForTimeout(2000)
}

/** Runs in the page, before its own scripts. */
function recordFirstPaint() {
  requestAnimationFrame(function onFrame() {
    if (document.querySelector('[role=log] article') === null)
      return void requestAnimationFrame(onFrame)
    // A task that begins after the next frame's callbacks runs after that frame was drawn.
    requestAnimationFrame(() => setTimeout(() => void (window.painted = performance.now())))
  })
}

/** Runs in the page. */
async function timeToDraw(): Promise<number> {
  const text = `Measured at ${performance.now()}`
  const field = document.querySelector<HTMLTextAreaElement>('textarea[aria-label=Message]')
  const log = document.querySelector('[role=log]')
  if (!field || !log)
    throw new Error('the page has no input')
  field.value = text
  field.dispatchEvent(new Event('input'))
  await new Promise(requestAnimationFrame)
  const since = performance.now()
  const drawn = new Promise<number>((resolve) => {
    new MutationObserver((_, observer) => {
      if (!log.textContent.includes(text))
        return
      observer.disconnect()
      resolve(performance.now() - since)
    }).observe(log, { childList: true, subtree: true, characterData: true })
  })
  field.form?.requestSubmit()
  return await drawn
}

/** Runs in the page. */
async function scrollToFirst(): Promise<number[]> {
  const scroller = document.querySelector('[role=log]')?.parentElement
  if (!scroller)
    throw new Error('the page has no thread')
  const tasks: number[] = []
  const observer = new PerformanceObserver(list => tasks.push(...list.getEntries().map(({ duration }) => duration)))
  observer.observe({ type: 'longtask' })
  while (!scroller.textContent.includes('Message 1:')) {
    // As fast as a flick of a thumb scrolls.
    scroller.scrollTop -= 400
    await new Promise(requestAnimationFrame)
  }
  observer.disconnect()
  return tasks
}
