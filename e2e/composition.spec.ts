import type { CDPSession } from 'playwright-core'
import type { Device } from './harness/device.ts'
import { beforeAll, expect, test } from 'vitest'
import { composer, PHONE, visibleText } from './harness/device.ts'
import { useSystem } from './harness/use-system.ts'

/** Writing with an input method and on a touch keyboard, in Chromium through the built app. */
const system = useSystem('composition')
let laptop: Device
let phone: Device
let browser: CDPSession

beforeAll(async () => {
  laptop = await system().device('laptop')
  phone = await system().device('phone', { viewport: PHONE, hasTouch: true, isMobile: true })
  browser = await laptop.page.context().newCDPSession(laptop.page)
})

/** Chromium gives a key that the input method takes this code, and says that it is composing. */
const TAKEN_BY_INPUT_METHOD = 229

async function pressWhileComposing(key: 'Enter' | 'Escape') {
  await browser.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key, code: key, windowsVirtualKeyCode: TAKEN_BY_INPUT_METHOD })
  await browser.send('Input.dispatchKeyEvent', { type: 'keyUp', key, code: key })
}

function compose(text: string) {
  return browser.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length })
}

test('the field grows while composing, and the Enter that chooses a word sends nothing', async () => {
  const field = composer(laptop.page)
  await field.focus()
  const height = () => field.evaluate(element => element.clientHeight)
  const before = await height()
  await compose('にほんご'.repeat(100))
  await expect.poll(height).toBeGreaterThan(before)
  await pressWhileComposing('Enter')
  await browser.send('Input.insertText', { text: '日本語で Hello' })
  expect(await laptop.page.getByRole('article', { name: 'You' }).count()).toBe(0)

  await laptop.page.keyboard.press('Enter')
  await visibleText(laptop.page, '日本語で Hello').waitFor()
  expect(await field.inputValue()).toBe('')
})

test('the Esc that discards a word closes no form', async () => {
  const { page } = laptop
  await page.getByRole('button', { name: 'Settings' }).or(page.getByRole('link', { name: 'Settings' })).first().click()
  const added = page.getByRole('textbox', { name: 'New note' })
  await added.fill('Releases go out on Tuesdays.')
  await page.getByRole('button', { name: 'Keep', exact: true }).click()
  await page.getByRole('button', { name: /^Edit: / }).click()
  const note = page.getByRole('textbox', { name: 'Note', exact: true })
  await note.focus()
  await compose('かよう')
  await pressWhileComposing('Escape')
  expect(await note.count()).toBe(1)
  await compose('')
  await page.keyboard.press('Escape')
  await note.waitFor({ state: 'detached' })
})

test('the Enter key of a touch keyboard breaks the line, and indented code arrives as it was pasted', async () => {
  const { page } = phone
  await composer(page).fill('  if (a)')
  await page.keyboard.press('Enter')
  await page.keyboard.type('    b() // Hello')
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  for (const device of [phone, laptop]) {
    const article = device.page.getByRole('article', { name: 'You' }).last()
    await expect.poll(() => article.textContent()).toContain('  if (a)\n    b() // Hello')
  }
})
