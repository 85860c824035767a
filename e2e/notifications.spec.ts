import type { BrowserContext, CDPSession, Page, Worker } from 'playwright-core'
import type { Notice } from '#shared/protocol/notifications.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { waitUntil } from '../scripts/lib/wait-until.ts'
import { useSystem } from './harness/use-system.ts'

/** Chromium's push service cannot be reached in tests, so its messages are delivered through the DevTools protocol. */
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

test('notifications are off, and ask for no permission until they are switched on', async () => {
  await page.getByRole('button', { name: 'Settings' }).click()
  await status().filter({ hasText: 'Off.' }).waitFor()
  expect(await page.evaluate(() => Notification.permission)).not.toBe('granted')
  await page.screenshot({ path: `${system().log.folder}/off.png` })
})

test('an unreachable push service is reported, and can be tried again', async () => {
  await context.grantPermissions(['notifications'], { origin: system().edge.url })
  await page.getByRole('button', { name: 'Notify this device' }).click()
  await page.getByRole('alert').filter({ hasText: 'push service did not answer' }).waitFor()
  await page.getByRole('button', { name: 'Notify this device' }).waitFor()
})

test('a newer notification replaces the older one with its tag', async () => {
  await deliver({ title: 'A plan to approve', body: 'Add a farewell', tag: 'task', path: '/inbox' })
  await deliver({ title: 'A pull request is ready', body: 'Add a farewell', tag: 'task', path: '/inbox' })
  const notifications = await waitUntil('the newer notification', async () => {
    const all = await worker().evaluate(async () => (await registration.getNotifications()).map(({ title, body }) => ({ title, body })))
    return all.some(({ title }) => title === 'A pull request is ready') && all
  })
  expect(notifications).toEqual([{ title: 'A pull request is ready', body: 'Add a farewell' }])
})

test('a click on a notification opens its screen in the open window', async () => {
  // A string, because TypeScript's types for a page lack a service worker's events.
  await worker().evaluate(
    `registration.getNotifications().then(([notification]) => void dispatchEvent(new NotificationEvent('notificationclick', { notification })))`,
  )
  await page.waitForURL('**/inbox')
  await page.getByRole('region', { name: 'Inbox' }).waitFor()
})

test('blocked notifications say where to allow them', async () => {
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

/** Delivers a notice as the decrypted message of the push service. */
async function deliver(notice: Notice): Promise<void> {
  const registered = new Promise<string>((resolve) => {
    browser.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => registrations[0] && resolve(registrations[0].registrationId))
  })
  await browser.send('ServiceWorker.enable')
  await browser.send('ServiceWorker.deliverPushMessage', { origin: system().edge.url, registrationId: await registered, data: JSON.stringify(notice) })
  await browser.send('ServiceWorker.disable')
}
