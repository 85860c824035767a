import type { Page } from 'playwright-core'

/**
 * Stops a page like a tab that a browser freezes in the background; a headless browser freezes none, so the debugger pauses the page.
 * Resolves to a function that resumes the page as if it came to the foreground.
 */
export async function freezePage(page: Page): Promise<() => Promise<void>> {
  const cdp = await page.context().newCDPSession(page)
  const paused = new Promise(resolve => cdp.once('Debugger.paused', resolve))
  await cdp.send('Debugger.enable')
  await cdp.send('Debugger.pause')
  // The debugger pauses only when the page runs a script.
  const script = page.evaluate(() => {})
  await paused
  return async () => {
    await cdp.send('Debugger.disable')
    await script
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
  }
}
