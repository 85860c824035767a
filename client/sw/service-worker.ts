import type { PrecacheEntry } from 'workbox-precaching'
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'
import { onNotificationClick, onPush, onSubscriptionChange } from './notifications.ts'

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: (string | PrecacheEntry)[] }

// The app itself, in the version that was built with this file.
// Nothing else is cached: rows live in the page's own storage.
precacheAndRoute(self.__WB_MANIFEST)
cleanupOutdatedCaches()

// Every page is the same shell; what the edge answers itself is never taken from it.
registerRoute(
  new NavigationRoute(createHandlerBoundToURL('/index.html'), {
    denylist: [/^\/api\//, /^\/mcp/, /^\/runner/, /^\/github\//],
  }),
)

/** A new version waits until the person takes it; it never reloads under their hands. */
function onMessage(event: ExtendableMessageEvent) {
  if (event.data === 'take-over')
    void self.skipWaiting()
}

/** The first version serves the page that installed it, so that going offline right after works. */
function onActivate(event: ExtendableEvent) {
  event.waitUntil(self.clients.claim())
}

self.addEventListener('message', onMessage)
self.addEventListener('activate', onActivate)
self.addEventListener('push', onPush)
self.addEventListener('notificationclick', onNotificationClick)
self.addEventListener('pushsubscriptionchange', onSubscriptionChange)
