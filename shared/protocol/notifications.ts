import * as z from 'zod'

/** The part of a browser's PushSubscription (as JSON) that the edge needs. */
export const pushSubscription = z.object({
  endpoint: z.url('A subscription has the address of a push service.').max(2000, 'The address is too long.'),
  keys: z.object({
    /** An uncompressed point of P-256, and 16 random bytes, in base64url. */
    p256dh: z.string().regex(/^B[\w-]{86}$/, 'A subscription has a key of P-256.'),
    auth: z.string().regex(/^[\w-]{22}$/, 'A subscription has a secret of 16 bytes.'),
  }),
})
export type PushSubscription = z.infer<typeof pushSubscription>

/** `key`: our public key (VAPID) for browsers. `endpoint`: this device's subscription, or null when it has none. */
export const notificationsView = z.object({ key: z.string(), endpoint: z.string().nullable() })
export type NotificationsView = z.infer<typeof notificationsView>

/** The encrypted content of a notification. A newer one with the same tag replaces it. */
export const notice = z.object({
  title: z.string().max(100),
  body: z.string().max(200),
  tag: z.string().max(32),
  path: z.string().startsWith('/').max(200),
})
export type Notice = z.infer<typeof notice>
