import type { Page } from 'playwright-core'

/**
 * Stops a page as a browser stops a tab in the background. A browser without a window shows every page, so the debugger stops it.
 * The function it resolves to brings the page back to the front.
 */
export async function freezePage(page: Page): Promise<() => Promise<void>> {
  const cdp = await page.context().newCDPSession(page)
  const paused = new Promise(resolve => cdp.once('Debugger.paused', resolve))
  await cdp.send('Debugger.enable')
  await cdp.send('Debugger.pause')
  const next = page.evaluate(() => {})
  await paused
  return async () => {
    await cdp.send('Debugger.disable')
    await next
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
  }
}
