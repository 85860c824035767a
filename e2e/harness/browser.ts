import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core'
import process from 'node:process'
import { chromium } from 'playwright-core'

/** No start page, no updates, no calls home: only the page under test speaks to the network. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
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
