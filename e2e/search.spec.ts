import type { Page } from 'playwright-core'
import type { Device } from './harness/device.ts'
import { beforeAll, expect, test } from 'vitest'
import { PHONE, send, visibleText } from './harness/device.ts'
import { useSystem } from './harness/use-system.ts'

const system = useSystem('search')
let laptop: Device
let phone: Device

beforeAll(async () => {
  laptop = await system().device('laptop')
  await send(laptop.page, 'Hello')
  await visibleText(laptop.page, 'Hello. What shall we work on?').waitFor()
})

test('a key opens the search, which finds a new message and shows it in its context', async () => {
  const { page } = laptop
  await page.getByRole('textbox', { name: 'Message', exact: true }).blur()
  await page.keyboard.press('/')
  await searchFor(page, 'shall we wo')
  await page.getByRole('status').filter({ hasText: '1 place' }).waitFor()
  expect(await results(page).locator('mark').allTextContents()).toEqual(['shall', 'we', 'work'])

  await results(page).getByRole('button').click()
  const place = page.getByRole('list', { name: 'In the conversation' })
  await place.locator('[aria-current]').getByText('What shall we work on?').waitFor()
  expect(await place.getByRole('article').count()).toBe(2)
})

test('offline the search finds the messages on the device, and says so', async () => {
  phone = await system().device('phone', { viewport: PHONE, hasTouch: true })
  await visibleText(phone.page, 'Hello. What shall we work on?').waitFor()
  // Offline, the service worker serves the parts of the page that were not loaded yet.
  await expect.poll(() => phone.page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active?.state)).toBe('activated')
  await system().edge.kill()
  await phone.page.context().setOffline(true)
  await phone.page.getByRole('button', { name: 'Search', exact: true }).click()
  await searchFor(phone.page, 'hello')
  await phone.page.getByRole('status').filter({ hasText: 'Searched on this device' }).waitFor()
  expect(await results(phone.page).getByRole('button').count()).toBe(2)

  await results(phone.page).getByRole('button').last().click()
  await phone.page.getByRole('list', { name: 'In the conversation' }).locator('[aria-current]').waitFor()
})

test('a note that was written offline is found there, then syncs to the other device, which can change it', async () => {
  await openSettings(phone.page)
  await phone.page.getByRole('textbox', { name: 'New note' }).fill('Releases go out on Tuesdays.')
  await phone.page.getByRole('button', { name: 'Keep' }).click()
  await note(phone.page, 'Releases go out on Tuesdays.').waitFor()
  await phone.page.getByRole('button', { name: 'Search', exact: true }).click()
  await searchFor(phone.page, 'tuesd')
  await results(phone.page).getByRole('button').click()
  await note(phone.page, 'Releases go out on Tuesdays.').waitFor()

  await system().edge.start()
  await phone.page.context().setOffline(false)
  await laptop.page.keyboard.press('Escape')
  await openSettings(laptop.page)
  await note(laptop.page, 'Releases go out on Tuesdays.').waitFor()
  await laptop.page.getByRole('button', { name: /^Edit: Releases/ }).click()
  await laptop.page.getByRole('textbox', { name: 'Note', exact: true }).fill('Releases go out on Fridays.')
  await laptop.page.getByRole('button', { name: 'Save' }).click()
  await note(phone.page, 'Releases go out on Fridays.').waitFor()
  await phone.page.getByRole('button', { name: /^Delete: Releases/ }).click()
  await note(laptop.page, 'Releases').waitFor({ state: 'detached' })
})

function note(page: Page, text: string) {
  return page.getByRole('list', { name: 'Notes' }).getByText(text)
}

async function openSettings(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Settings', exact: true }).click()
  await page.getByRole('heading', { name: 'Notes' }).waitFor()
}

function searchFor(page: Page, text: string): Promise<void> {
  return page.getByRole('searchbox', { name: 'Search everything' }).fill(text)
}

function results(page: Page) {
  return page.getByRole('list', { name: 'Results' })
}
