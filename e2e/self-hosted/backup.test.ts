import type { Page } from 'playwright-core'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { launchBrowser } from '../harness/browser.ts'
import { pairDevice, send, untilSent, visibleText } from '../harness/device.ts'
import { pairPushClient } from '../harness/push-client.ts'
import { startSelfHosted } from './start-self-hosted.ts'

/** Acknowledged before the backup, at least. */
const MESSAGES = 20

/** The real command, as a person or the second container of the pod runs it. */
async function mainloop(...args: string[]) {
  const { exitCode, all } = await execa('node', ['runner/main.ts', ...args], { all: true, reject: false, preferLocal: true })
  return { exitCode, said: all }
}

test('a restored backup that was taken under load has everything acknowledged before it, and devices converge', async () => {
  await using home = await startSelfHosted()
  await using cleanup = new AsyncDisposableStack()
  const backups = await mkdtemp(join(tmpdir(), 'mainloop-backups-'))
  cleanup.defer(() => rm(backups, { recursive: true }))
  const browser = await launchBrowser()
  cleanup.defer(() => browser.close())
  const laptop = (await pairDevice(browser, home.edge.url, home.setupSecret, 'laptop')).page
  const phone = (await pairDevice(browser, home.edge.url, home.setupSecret, 'phone')).page
  await send(laptop, 'Before the backup.')
  await visibleText(phone, 'Before the backup.').waitFor()

  const client = await pairPushClient(home.edge.url, home.setupSecret)
  const load = new AbortController()
  let refused = 0
  const enough = Promise.withResolvers<void>()
  const pushing = (async () => {
    for (let n = 1; !load.signal.aborted; n++) {
      refused += Number(!await client.send(`push ${n}`))
      if (n === MESSAGES)
        enough.resolve()
    }
  })()
  await enough.promise
  const before = [...client.acknowledged]
  const taken = await mainloop('backup', '--data', home.data, '--to', backups)
  const during = client.acknowledged.length - before.length
  load.abort()
  await pushing
  expect(taken).toEqual({ exitCode: 0, said: expect.stringContaining('The backup is in') })
  expect(refused).toBe(0)
  expect(during).toBeGreaterThan(0)

  // A restore undoes this, also on the devices that have it.
  await send(laptop, 'After the backup.')
  await visibleText(phone, 'After the backup.').waitFor()
  expect(await mainloop('restore', '--data', home.data, '--newest', backups)).toMatchObject({ exitCode: 1, said: expect.stringContaining('Stop it first') })
  await home.edge.stop()
  await send(laptop, 'While the edge was away.')
  expect(await mainloop('restore', '--data', home.data, '--newest', backups)).toMatchObject({ exitCode: 0, said: expect.stringContaining('with epoch 2') })
  expect(await readFile(join(home.data, 'epoch'), 'utf8')).toBe('2\n')
  await home.edge.start()

  const texts = await client.texts()
  expect(before.filter(text => !texts.includes(text))).toEqual([])
  expect(texts).toContain('Before the backup.')
  expect(texts).not.toContain('After the backup.')
  await visibleText(phone, 'While the edge was away.').waitFor()
  await untilSent(laptop)
  await send(phone, 'Both go on.')
  await visibleText(laptop, 'Both go on.').waitFor()
  await expect.poll(() => messages(laptop)).toEqual(await messages(phone))
  expect(await messages(phone)).toEqual(['While the edge was away.', 'Both go on.'])
})

/** The texts sent on the two devices that the end of the thread shows. */
async function messages(page: Page): Promise<string[]> {
  const texts = await page.getByRole('log').getByText(/^(?:Before the backup|After the backup|While the edge was away|Both go on)\.$/).allTextContents()
  return texts.map(text => text.trim())
}
