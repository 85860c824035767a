import type { PrecacheEntry } from 'workbox-precaching'
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'
import { onNotificationClick, onPush, onSubscriptionChange } from './notifications.ts'

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: (string | PrecacheEntry)[] }

// The app in the version that was built with this file. Nothing else is cached: rows are in the page's own storage.
precacheAndRoute(self.__WB_MANIFEST)
cleanupOutdatedCaches()

// All pages share one shell; the edge's own routes never use it.
registerRoute(
  new NavigationRoute(createHandlerBoundToURL('/index.html'), {
    denylist: [/^\/api\//, /^\/mcp/, /^\/runner/, /^\/github\//],
  }),
)

/** A new version waits until the person accepts it, so that no page reloads while it is used. */
function onMessage(event: ExtendableMessageEvent) {
  if (event.data === 'take-over')
    void self.skipWaiting()
}

/** The first version takes over the page that installed it, so that offline works at once. */
function onActivate(event: ExtendableEvent) {
  event.waitUntil(self.clients.claim())
}

self.addEventListener('message', onMessage)
self.addEventListener('activate', onActivate)
self.addEventListener('push', onPush)
self.addEventListener('notificationclick', onNotificationClick)
self.addEventListener('pushsubscriptionchange', onSubscriptionChange)
