import type { Page } from 'playwright-core'
import type { Edge } from './harness/edge.ts'
import type { RestartableDevice } from './harness/restartable-device.ts'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newSecret } from '../scripts/lib/settings.ts'
import { composer, send, visibleText } from './harness/device.ts'
import { startEdge } from './harness/edge.ts'
import { freePort } from './harness/free-port.ts'
import { copyAsNextVersion } from './harness/next-version.ts'
import { pairRestartableDevice } from './harness/restartable-device.ts'

/** Two tabs of one browser while a new version is deployed. Each test continues from the previous one. */
const stack = new AsyncDisposableStack()
let device: RestartableDevice
let first: Page
let second: Page

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mainloop-versions-'))
  stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  const setupSecret = newSecret()
  const options = { port: await freePort(), state: join(folder, 'state'), vars: { SETUP_SECRET: setupSecret, RUNNER_TOKEN: newSecret() }, log: () => {} }
  const before: Edge = await startEdge(options)
  device = await pairRestartableDevice({ edge: before, setupSecret }, 'laptop')
  stack.defer(device.close)
  first = device.page
  await first.evaluate(() => navigator.serviceWorker.ready)
  second = await first.context().newPage()
  await second.goto(before.url)
  await composer(second).fill('Half a thought')

  await copyAsNextVersion('dist', join(folder, 'next'))
  await before.stop()
  const after = await startEdge({ ...options, build: join(folder, 'next') })
  stack.defer(after.stop)
})
afterAll(() => stack.disposeAsync())

test('a new version is offered, and no tab is reloaded', async () => {
  for (const page of [first, second]) {
    await page.getByText('A new version of mainloop is ready.').waitFor()
    expect(await version(page)).toBe('old')
  }
  expect(await composer(second).inputValue()).toBe('Half a thought')
})

test('a tab that loads the new version leaves the other as it was, which says so', async () => {
  await first.getByRole('button', { name: 'Load it' }).click()
  await expect.poll(() => version(first).catch(() => null)).toBe('new')
  await second.getByText('Another tab has loaded a new version').waitFor()
  expect(await version(second)).toBe('old')
  expect(await composer(second).inputValue()).toBe('Half a thought')
})

test('both versions sync the same rows', async () => {
  await send(first, 'From the new version.')
  await visibleText(second, 'From the new version.').waitFor()
  await send(second, 'From the old version.')
  await visibleText(first, 'From the old version.').waitFor()
})

test('the other tab loads the new version on request, and nothing is lost', async () => {
  await second.getByRole('button', { name: 'Load it' }).click()
  await expect.poll(() => version(second).catch(() => null)).toBe('new')
  for (const text of ['From the new version.', 'From the old version.'])
    await visibleText(second, text).waitFor()
  // No server answered between the old version and the new one.
  expect(device.errors.filter(error => !/ERR_CONNECTION_|ERR_EMPTY_RESPONSE/.test(error))).toEqual([])
})

async function version(page: Page): Promise<'old' | 'new'> {
  const source = await page.evaluate(() => document.querySelector<HTMLScriptElement>('script[type=module]')?.src ?? '')
  return source.endsWith('-next.js') ? 'new' : 'old'
}
