import type { Notice, NotificationsView } from '#shared/protocol/notifications.ts'
import { must } from '#shared/lib/must.ts'

declare const self: ServiceWorkerGlobalScope

/**
 * Shows what the edge says; nobody else can, as it is signed and encrypted. Browsers
 * take the permission back from who is woken and shows nothing, so it always does.
 */
export function onPush(event: PushEvent): void {
  const { title, body, tag, path } = must(event.data, 'a notice').json() as Notice
  // A newer one about the same thing takes the place of the older, and may be heard again.
  const options = { body, tag, renotify: true, icon: '/icons/icon-192.png', data: { path } }
  event.waitUntil(self.registration.showNotification(title, options))
}

/** Leads to its place: in the window there is, else in a new one. */
export function onNotificationClick(event: NotificationEvent): void {
  event.notification.close()
  event.waitUntil(open(event.notification.data.path))
}

/** The browser has another address or key for this device. */
export function onSubscriptionChange(event: ExtendableEvent): void {
  event.waitUntil(subscribeAgain())
}

async function open(path: string): Promise<void> {
  const windows = await self.clients.matchAll({ type: 'window' })
  const window = windows.find(({ focused }) => focused) ?? windows[0]
  if (!window) {
    await self.clients.openWindow(path)
    return
  }
  window.postMessage({ go: path })
  await window.focus()
}

async function subscribeAgain(): Promise<void> {
  const { key } = await (await fetch('/api/notifications')).json() as NotificationsView
  const subscription = await self.registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: key,
  })
  await fetch('/api/notifications', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(subscription),
  })
}
