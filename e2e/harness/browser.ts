import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core'
import process from 'node:process'
import { chromium } from 'playwright-core'

/**
 * The features that Playwright turns off and a page may notice, repeated because Chromium reads the last such list only; and the address
 * bar's two popups in each window, which take more of the processor to start than our page.
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

/** Without a start page, updates and background requests, only the page under test uses the network. */
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

/** Launches a browser with its profile in `folder`, so that it can be quit and started again. */
export async function launchProfile(folder: string, context: BrowserContextOptions): Promise<BrowserContext> {
  return await chromium.launchPersistentContext(folder, { ...options(), ...context })
}

function options() {
  return { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, args: ARGS }
}
