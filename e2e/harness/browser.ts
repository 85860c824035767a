import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core'
import process from 'node:process'
import { chromium } from 'playwright-core'

/**
 * What Playwright turns off, as far as it matters to a page, and the address bar's popups: each window has two, which are pages of their own
 * and take more of the processor to start than ours does. Chromium only reads the last such list.
 */
const FEATURES_OFF = [
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'Translate',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxPopup',
]

/** No start page, no updates, no calls home: only the page under test speaks to the network. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--disable-features=${FEATURES_OFF.join(',')}`,
]

export async function launchBrowser(): Promise<Browser> {
  return await chromium.launch(options())
}

/** A browser that keeps what it stores in a folder, so that it can be quit and started again. */
export async function launchProfile(folder: string, context: BrowserContextOptions): Promise<BrowserContext> {
  return await chromium.launchPersistentContext(folder, { ...options(), ...context })
}

function options() {
  return { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, args: ARGS }
}
