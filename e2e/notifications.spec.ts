import type { BrowserContext, CDPSession, Page, Worker } from 'playwright-core'
import type { Notice } from '#shared/protocol/notifications.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { waitUntil } from '../scripts/lib/wait-until.ts'
import { useSystem } from './harness/use-system.ts'

/** Chromium's own push service cannot be reached here, so what it would deliver is delivered by the browser's own tools. */
const system = useSystem('notifications')
let page: Page
let context: BrowserContext
let browser: CDPSession

beforeAll(async () => {
  page = (await system().device('laptop')).page
  context = page.context()
  browser = await context.newCDPSession(page)
  await page.evaluate(() => navigator.serviceWorker.ready)
})
afterAll(() => browser.detach())

const status = () => page.getByRole('status').filter({ hasText: /^\s*(?:Off|On|Notifications|Looking)/ })

test('it is off until the person switches it on, and nothing is asked before', async () => {
  await page.getByRole('button', { name: 'Settings' }).click()
  await status().filter({ hasText: 'Off.' }).waitFor()
  expect(await page.evaluate(() => Notification.permission)).not.toBe('granted')
  await page.screenshot({ path: `${system().log.folder}/off.png` })
})

test('a push service that cannot be reached is said, with what to do', async () => {
  await context.grantPermissions(['notifications'], { origin: system().edge.url })
  await page.getByRole('button', { name: 'Notify this device' }).click()
  await page.getByRole('alert').filter({ hasText: 'push service did not answer' }).waitFor()
  await page.getByRole('button', { name: 'Notify this device' }).waitFor()
})

test('what is pushed is shown, the newer in place of the older', async () => {
  await deliver({ title: 'A plan to approve', body: 'Add a farewell', tag: 'task', path: '/inbox' })
  await deliver({ title: 'A pull request is ready', body: 'Add a farewell', tag: 'task', path: '/inbox' })
  const shown = await waitUntil('the newer notification', async () => {
    const all = await worker().evaluate(async () => (await registration.getNotifications()).map(({ title, body }) => ({ title, body })))
    return all.some(({ title }) => title === 'A pull request is ready') && all
  })
  expect(shown).toEqual([{ title: 'A pull request is ready', body: 'Add a farewell' }])
})

test('pressed, it leads to its place in the open window', async () => {
  // As text: the types of a page do not know a service worker's events.
  await worker().evaluate(
    `registration.getNotifications().then(([notification]) => void dispatchEvent(new NotificationEvent('notificationclick', { notification })))`,
  )
  await page.waitForURL('**/inbox')
  await page.getByRole('region', { name: 'Inbox' }).waitFor()
})

test('blocked, it says where to allow it', async () => {
  const { targetInfo: { browserContextId } } = await browser.send('Target.getTargetInfo')
  await browser.send('Browser.setPermission', {
    permission: { name: 'notifications' },
    setting: 'denied',
    origin: system().edge.url,
    ...(browserContextId && { browserContextId }),
  })
  await page.goto(`${system().edge.url}/settings`)
  await status().filter({ hasText: 'blocked in the browser' }).waitFor()
  await page.screenshot({ path: `${system().log.folder}/blocked.png` })
})

declare const registration: ServiceWorkerRegistration

function worker(): Worker {
  return must(context.serviceWorkers()[0], 'the service worker')
}

/** As the push service's message arrives in the browser, decrypted. */
async function deliver(notice: Notice): Promise<void> {
  const registered = new Promise<string>((resolve) => {
    browser.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => registrations[0] && resolve(registrations[0].registrationId))
  })
  await browser.send('ServiceWorker.enable')
  await browser.send('ServiceWorker.deliverPushMessage', { origin: system().edge.url, registrationId: await registered, data: JSON.stringify(notice) })
  await browser.send('ServiceWorker.disable')
}
