import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { waitUntil } from '../../scripts/lib/wait-until.ts'

export const PHONE = { width: 390, height: 844 }
export const DESKTOP = { width: 1440, height: 900 }

export interface Device {
  /** The address of the edge it is paired with. */
  edge: string
  name: string
  page: Page
  /** The page's console errors and uncaught exceptions. */
  errors: string[]
}

/** Far more than any action takes on a slow machine: the limit only finds a page that hangs. */
const PAGE_TIMEOUT_MS = 300_000

/** Pairs a new browser profile with the edge and waits until it shows the conversation. */
export async function pairDevice(browser: Browser, edge: string, setupSecret: string, name: string, options: BrowserContextOptions = {}): Promise<Device> {
  const context = await browser.newContext({ viewport: DESKTOP, ...options })
  const page = await context.newPage()
  const errors: string[] = []
  await pairPage(page, edge, setupSecret, errors)
  return { edge, name, page, errors }
}

/** Opens the setup link and waits until the page shows the conversation. */
export async function pairPage(page: Page, edge: string, setupSecret: string, errors: string[]): Promise<void> {
  page.context().setDefaultTimeout(PAGE_TIMEOUT_MS)
  page.on('pageerror', error => errors.push(String(error.stack)))
  await page.goto(`${edge}/#setup=${setupSecret}`)
  await composer(page).waitFor()
  // Not earlier: until the device is paired, it gets 401 responses, and Chromium logs those as errors.
  page.on('console', (message) => {
    if (message.type() === 'error')
      errors.push(message.text())
  })
}

/** The last occurrence in `main`, because the texts that are only announced to screen readers are outside of it. */
export function visibleText(page: Page, text: string | RegExp) {
  return page.getByRole('main').getByText(text).last()
}

export function composer(page: Page) {
  return page.getByRole('textbox', { name: 'Message', exact: true })
}

export async function send(page: Page, text: string): Promise<void> {
  await composer(page).fill(text)
  await pressSend(page)
}

/** With the button on a touch keyboard, whose Enter breaks the line. */
async function pressSend(page: Page): Promise<void> {
  if (await page.evaluate(() => matchMedia('(pointer: coarse)').matches))
    await page.getByRole('button', { name: 'Send', exact: true }).click()
  else
    await page.keyboard.press('Enter')
}

/** Resolves when no message in the conversation waits for the network. */
export async function untilSent(page: Page): Promise<void> {
  await waitUntil('all messages to be sent', async () => await page.getByRole('log').getByText(/^(?:Saved here, not sent yet|Sending …)$/).count() === 0)
}

/** Uses the header's button on a desktop, and the tab on a phone. */
export async function openInbox(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Inbox/ }).first().click()
  await inboxOf(page).waitFor()
}

export function inboxOf(page: Page) {
  return page.getByRole('region', { name: 'Inbox' })
}
