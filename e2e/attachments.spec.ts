import type { Page } from 'playwright-core'
import type { Device } from './harness/device.ts'
import type { RestartableDevice } from './harness/restartable-device.ts'
import { Buffer } from 'node:buffer'
import { readFile } from 'node:fs/promises'
import { imageSize } from 'image-size'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { composer, send, visibleText } from './harness/device.ts'
import { isStored } from './harness/is-stored.ts'
import { pairRestartableDevice } from './harness/restartable-device.ts'
import { useSystem } from './harness/use-system.ts'

/** Pictures and texts between two devices and the model. Each test continues from the previous one. */
const system = useSystem('attachments')
let laptop: RestartableDevice
let phone: Device

beforeAll(async () => {
  laptop = await pairRestartableDevice(system(), 'laptop')
  phone = await system().device('phone')
  for (const { page } of [laptop, phone])
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}))
})
afterAll(() => laptop?.close())

test('a picture can be pasted and sent offline while the edge is down', async () => {
  const { page } = laptop
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.context().setOffline(true)
  await system().edge.kill()
  await send(page, 'Hello')
  await pastePicture(page)
  await page.getByRole('list', { name: 'Attached' }).getByText('image.png').waitFor()
  await send(page, 'What do you see?')
  await picture(page).waitFor()
  expect(await page.getByRole('log').locator('figcaption').textContent()).toMatch(/Saved here, not sent yet\s*$/)
  await expect.poll(() => isStored(page, 'What do you see?')).toBe(true)
})

test('the unsent picture survives quitting the browser', async () => {
  await laptop.restart()
  await picture(laptop.page).waitFor()
  expect(await widthOf(laptop.page)).toBe(1568)
  await visibleText(laptop.page, 'Hello').waitFor()
})

test('back online the picture arrives in its place on the other device and at the model', async () => {
  await system().edge.start()
  await laptop.page.context().setOffline(false)
  for (const { page } of [laptop, phone])
    await visibleText(page, 'I see what you sent me.').waitFor()
  await expect.poll(() => widthOf(phone.page)).toBe(1568)
  expect((await phone.page.getByRole('article', { name: 'You' }).allInnerTexts()).map(text => text.split('\n')[0])).toEqual(['Hello', 'What do you see?'])
  expect(await laptop.page.getByRole('log').locator('figcaption').count()).toBe(0)

  const { type, source } = must(system().model.files()[0], 'a picture in the request')
  expect(type).toBe('image')
  expect(imageSize(Buffer.from(source.data, 'base64'))).toEqual({ width: 1568, height: 784, type: expect.stringMatching(/png|jpg/) })
})

test('the location in a photo is removed before it is sent', async () => {
  const { page } = phone
  await picker(page).setInputFiles({ name: 'IMG_1.jpg', mimeType: 'image/jpeg', buffer: await photo(page) })
  await send(page, 'What do you see?')
  await expect.poll(() => system().model.files().length).toBe(2)
  const sent = Buffer.from(system().model.files().at(-1)?.source.data ?? '', 'base64')
  expect([imageSize(sent).type, sent.includes('Exif'), sent.includes('52.5163N')]).toEqual(['jpg', false, false])
  await visibleText(page, 'I see what you sent me.').waitFor()
})

test('a text reaches the model as a document, and the other device as a download', async () => {
  await picker(phone.page).setInputFiles({ name: 'notes.html', mimeType: 'text/html', buffer: Buffer.from('<script>alert(1)</script> tabs') })
  await composer(phone.page).fill('What do you see?')
  await phone.page.keyboard.press('Enter')
  await expect
    .poll(() => system().model.files().at(-1))
    .toMatchObject({ type: 'document', title: 'notes.html', source: { data: '<script>alert(1)</script> tabs' } })
  const downloading = laptop.page.waitForEvent('download')
  await laptop.page.getByRole('button', { name: 'Save notes.html' }).click()
  const download = await downloading
  expect([download.suggestedFilename(), await readFile(await download.path(), 'utf8')]).toEqual(['notes.html', '<script>alert(1)</script> tabs'])
})

test('a picture that was shown once is available offline, and opens and closes with the keyboard', async () => {
  const { page } = phone
  await page.context().setOffline(true)
  await page.reload()
  await picture(page).waitFor()
  await page.getByRole('button', { name: /^Open / }).first().press('Enter')
  const large = page.getByRole('dialog').getByRole('img')
  await large.waitFor()
  await page.keyboard.press('Escape')
  await large.waitFor({ state: 'detached' })
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toMatch(/^Open /)
  await page.context().setOffline(false)
})

test('the pages had no errors but those of the network, and loaded nothing from elsewhere', () => {
  const network = /net::ERR_|WebSocket connection|Failed to fetch/
  expect([...laptop.errors, ...phone.errors].filter(error => !network.test(error))).toEqual([])
})

function picture(page: Page) {
  return page.getByRole('log').getByRole('img').first()
}

function widthOf(page: Page): Promise<number> {
  return picture(page).evaluate(image => image instanceof HTMLImageElement ? image.naturalWidth : 0)
}

function picker(page: Page) {
  return page.locator('input[type=file]')
}

/** Pastes a screenshot larger than models use through the browser's own clipboard. */
async function pastePicture(page: Page): Promise<void> {
  await composer(page).focus()
  await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(3200, 1600)
    const context = canvas.getContext('2d')
    if (context) {
      context.fillStyle = 'crimson'
      context.fillRect(100, 100, 900, 900)
    }
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': await canvas.convertToBlob({ type: 'image/png' }) })])
  })
  await page.keyboard.press('Control+V')
}

/** A JPEG with the location in its EXIF segment, as a camera writes it. */
async function photo(page: Page): Promise<Buffer> {
  const bytes = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(400, 300)
    canvas.getContext('2d')?.fillRect(0, 0, 200, 300)
    const blob = await canvas.convertToBlob({ type: 'image/jpeg' })
    return [...new Uint8Array(await blob.arrayBuffer())]
  })
  const place = Buffer.from('Exif\0\0 52.5163N 13.3777E')
  const segment = Buffer.from([0xFF, 0xE1, 0, place.length + 2])
  return Buffer.concat([Buffer.from(bytes.slice(0, 2)), segment, place, Buffer.from(bytes.slice(2))])
}
