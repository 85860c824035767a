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

/** How notifications stand with this device. */
export async function readNotifications(c: Context<DeviceEnv>): Promise<Response> {
  const { publicKey } = await vapidKey(c.env.SETUP_SECRET)
  return c.json({
    key: publicKey,
    endpoint: await mainloopOf(c.env, c.var.identity.person).webPushEndpoint(c.var.device.id),
  })
}

/** From here on this device is told. */
export async function startNotifications(c: Context<DeviceEnv>): Promise<Response> {
  const given = await parseBody(c, pushSubscription)
  if (!isPushService(given.endpoint, c.env.PUSH_HOSTS)) {
    throw new EdgeError(
      'bad-request',
      `${URL.parse(given.endpoint)?.host ?? 'This'} is not known as a push service. If it is one, name it in PUSH_HOSTS.`,
    )
  }
  if (!await isPoint(given.keys.p256dh))
    throw new EdgeError('bad-request', 'A subscription has a key of P-256.')
  const outcome = await mainloopOf(c.env, c.var.identity.person).subscribe(
    c.var.device.id,
    given,
    new URL(c.req.url).origin,
  )
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

/** What is not on the curve could never be encrypted for. */
async function isPoint(key: string): Promise<boolean> {
  const imported = crypto.subtle.importKey(
    'raw',
    must(fromBase64url(key), 'a key in base64url'),
    { name: 'ECDH', namedCurve: 'P-256' },
    false,
    [],
  )
  return imported.then(() => true, () => false)
}

export async function stopNotifications(c: Context<DeviceEnv>): Promise<Response> {
  await mainloopOf(c.env, c.var.identity.person).unsubscribe(c.var.device.id)
  return c.json({})
}
