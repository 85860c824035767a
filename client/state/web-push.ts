import type { PushSubscription as Subscription } from '#shared/protocol/notifications.ts'
import { pushSubscription } from '#shared/protocol/notifications.ts'

/** The browser would not subscribe, in a sentence. */
export class WebPushError extends Error {
  override readonly name = 'WebPushError'
}

/** This browser's Web Push subscription; null where the browser has no Web Push, or no service worker is registered. */
export async function openWebPush() {
  const registration = await navigator.serviceWorker?.getRegistration()
  return registration && 'pushManager' in registration && 'Notification' in window
    ? clientOf(registration.pushManager)
    : null
}

/** Ends this browser's subscription, whatever the edge still has on record. */
export async function unsubscribeWebPush(): Promise<void> {
  await (await openWebPush())?.unsubscribe()
}

export type WebPush = NonNullable<Awaited<ReturnType<typeof openWebPush>>>

function clientOf(manager: PushManager) {
  const unsubscribe = async () => void await (await manager.getSubscription())?.unsubscribe()
  return {
    endpoint: async () => (await manager.getSubscription())?.endpoint ?? null,
    unsubscribe,
    /** `key`: the edge's public key. A subscription for another key is given up. */
    async subscribe(key: string): Promise<Subscription> {
      await unsubscribe()
      try {
        return pushSubscription.parse(
          (await manager.subscribe({ userVisibleOnly: true, applicationServerKey: key })).toJSON(),
        )
      }
      catch (cause) {
        if (!(cause instanceof DOMException))
          throw cause
        throw new WebPushError('The browser\'s push service did not answer. Check the connection and try again.', {
          cause,
        })
      }
    },
  }
}
