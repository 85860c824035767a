import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { waitUntil } from '../../scripts/lib/wait-until.ts'

export const PHONE = { width: 390, height: 844 }
export const DESKTOP = { width: 1440, height: 900 }

export interface Device {
  /** The address of the edge it is paired with. */
  edge: string
  name: string
  page: Page
  /** What the page wrote to its console as an error, or threw. */
  errors: string[]
}

/** Far more than a page takes over anything on a slow machine: the limit only finds a page that hangs. */
const PAGE_TIMEOUT_MS = 300_000

/** A new browser profile that has paired with the edge and shows the conversation. */
export async function pairDevice(browser: Browser, edge: string, setupSecret: string, name: string, options: BrowserContextOptions = {}): Promise<Device> {
  const context = await browser.newContext({ viewport: DESKTOP, ...options })
  const page = await context.newPage()
  const errors: string[] = []
  await pairPage(page, edge, setupSecret, errors)
  return { edge, name, page, errors }
}

/** Pairs by the setup link and shows the conversation. */
export async function pairPage(page: Page, edge: string, setupSecret: string, errors: string[]): Promise<void> {
  page.context().setDefaultTimeout(PAGE_TIMEOUT_MS)
  page.on('pageerror', error => errors.push(String(error.stack)))
  await page.goto(`${edge}/#setup=${setupSecret}`)
  await composer(page).waitFor()
  // From here on: that a new device is not known yet is answered with 401, which Chromium calls an error.
  page.on('console', (message) => {
    if (message.type() === 'error')
      errors.push(message.text())
  })
}

/** Where it is to be seen; what is only announced to screen readers stands outside of main. */
export function visibleText(page: Page, text: string | RegExp) {
  return page.getByRole('main').getByText(text).last()
}

export function composer(page: Page) {
  return page.getByRole('textbox', { name: 'Message', exact: true })
}

export async function send(page: Page, text: string): Promise<void> {
  await composer(page).fill(text)
  await page.keyboard.press('Enter')
}

/** Resolves when no message in the conversation waits for the network any more. */
export async function untilSent(page: Page): Promise<void> {
  await waitUntil('all messages to be sent', async () => await page.getByRole('log').getByText(/^(?:Saved here, not sent yet|Sending …)$/).count() === 0)
}

/** By the header's button on a desktop, by the tab on a phone. */
export async function openInbox(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Inbox/ }).first().click()
  await inboxOf(page).waitFor()
}

export function inboxOf(page: Page) {
  return page.getByRole('region', { name: 'Inbox' })
}
