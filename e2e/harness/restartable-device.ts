import type { BrowserContext } from 'playwright-core'
import type { Device } from './device.ts'
import type { System } from './system.ts'
import { mkdtemp, readlink, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { must } from '#shared/lib/must.ts'
import { launchProfile } from './browser.ts'
import { DESKTOP, pairPage } from './device.ts'

export interface RestartableDevice extends Device {
  /** Ends the browser with SIGKILL, and opens the app again like `restart`. */
  kill: () => Promise<void>
  /** Quits the browser, starts it again without a network, and opens the app. */
  restart: () => Promise<void>
  close: () => Promise<void>
}

/** A device whose browser can be quit and started again. */
export async function pairRestartableDevice({ edge, setupSecret }: Pick<System, 'edge' | 'setupSecret'>, name: string): Promise<RestartableDevice> {
  const folder = await mkdtemp(join(tmpdir(), 'mainloop-profile-'))
  const errors: string[] = []
  let context = await launchProfile(folder, { viewport: DESKTOP })
  const device: RestartableDevice = {
    edge: edge.url,
    name,
    page: onlyPage(context),
    errors,
    async kill() {
      const closed = new Promise(resolve => context.once('close', resolve))
      // The browser is the first process of its group, so this ends its children too.
      process.kill(-await browserPid(folder), 'SIGKILL')
      await closed
      await openAgain()
    },
    async restart() {
      await context.close()
      await openAgain()
    },
    async close() {
      await context.close()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
  async function openAgain() {
    context = await launchProfile(folder, { viewport: DESKTOP, offline: true })
    device.page = onlyPage(context)
    device.page.on('pageerror', error => errors.push(String(error.stack)))
    await device.page.goto(edge.url)
  }

  await pairPage(device.page, edge.url, setupSecret, errors)
  return device
}

/** Chromium marks a profile as in use with a link that names the machine and the process. */
async function browserPid(profile: string): Promise<number> {
  const owner = await readlink(join(profile, 'SingletonLock'))
  return Number(owner.slice(owner.lastIndexOf('-') + 1))
}

function onlyPage(context: BrowserContext) {
  return must(context.pages()[0], 'the page a browser starts with')
}
