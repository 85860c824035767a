import type { Notice, NotificationsView } from '#shared/protocol/notifications.ts'
import { must } from '#shared/lib/must.ts'

declare const self: ServiceWorkerGlobalScope

/**
 * Shows a notification of the edge; pushes are signed and encrypted,
 * so nobody else can send one. It always shows one: browsers take
 * the permission from an app that receives a push and shows nothing.
 */
export function onPush(event: PushEvent): void {
  const { title, body, tag, path } = must(event.data, 'a notice').json() as Notice
  // A newer notification with the same tag replaces the older one, and may sound again.
  const options = { body, tag, renotify: true, icon: '/icons/icon-192.png', data: { path } }
  event.waitUntil(self.registration.showNotification(title, options))
}

/** Opens the notification's path in an open window, else in a new one. */
export function onNotificationClick(event: NotificationEvent): void {
  event.notification.close()
  event.waitUntil(open(event.notification.data.path))
}

/** The browser replaced this device's subscription. */
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
