import type { Context } from 'hono'
import type { DeviceEnv } from './guard.ts'
import { must } from '#shared/lib/must.ts'
import { pushSubscription } from '#shared/protocol/notifications.ts'
import { fromBase64url } from '../auth/base64url.ts'
import { mainloopOf } from '../bindings.ts'
import { EdgeError } from '../http/edge-error.ts'
import { parseBody } from '../http/parse-body.ts'
import { isPushService } from '../notifications/push-service.ts'
import { MAX_SUBSCRIPTIONS } from '../notifications/subscriptions.ts'
import { vapidKey } from '../notifications/vapid-key.ts'

/** Reads the key to subscribe with, and this device's subscription. */
export async function readNotifications(c: Context<DeviceEnv>): Promise<Response> {
  const { publicKey } = await vapidKey(c.env.SETUP_SECRET)
  return c.json({
    key: publicKey,
    endpoint: await mainloopOf(c.env, c.var.identity.person).webPushEndpoint(c.var.device.id),
  })
}

/** Subscribes this device to notifications. */
export async function startNotifications(c: Context<DeviceEnv>): Promise<Response> {
  const subscription = await parseBody(c, pushSubscription)
  if (!isPushService(subscription.endpoint, c.env.PUSH_HOSTS)) {
    const host = URL.parse(subscription.endpoint)?.host ?? 'This'
    throw new EdgeError(
      'bad-request',
      `${host} is not known as a push service. If it is one, name it in PUSH_HOSTS.`,
    )
  }
  if (!await isP256Point(subscription.keys.p256dh))
    throw new EdgeError('bad-request', 'A subscription has a key of P-256.')
  const { origin } = new URL(c.req.url)
  const outcome = await mainloopOf(c.env, c.var.identity.person).subscribe(c.var.device.id, subscription, origin)
  if (outcome === 'gone')
    throw new EdgeError('unauthorized', 'This device was unpaired.')
  if (outcome === 'too-many') {
    throw new EdgeError(
      'bad-request',
      `${MAX_SUBSCRIPTIONS} devices are notified already. Switch notifications off on one of them.`,
    )
  }
  return c.json({})
}

/** Whether notices can be encrypted for this key, which must be a point on the curve. */
async function isP256Point(key: string): Promise<boolean> {
  const bytes = must(fromBase64url(key), 'a key in base64url')
  const imported = crypto.subtle.importKey('raw', bytes, { name: 'ECDH', namedCurve: 'P-256' }, false, [])
  return imported.then(() => true, () => false)
}

export async function stopNotifications(c: Context<DeviceEnv>): Promise<Response> {
  await mainloopOf(c.env, c.var.identity.person).unsubscribe(c.var.device.id)
  return c.json({})
}
