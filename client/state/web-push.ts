import type { PushSubscription as Subscription } from '#shared/protocol/notifications.ts'
import { pushSubscription } from '#shared/protocol/notifications.ts'

/** The browser could not subscribe; the message is for the person. */
export class WebPushError extends Error {
  override readonly name = 'WebPushError'
}

/** Web Push of this browser; null when it has none or no service worker is registered. */
export async function openWebPush() {
  const registration = await navigator.serviceWorker?.getRegistration()
  return registration && 'pushManager' in registration && 'Notification' in window
    ? clientOf(registration.pushManager)
    : null
}

/** Ends this browser's subscription; the edge's record of it is not touched. */
export async function unsubscribeWebPush(): Promise<void> {
  await (await openWebPush())?.unsubscribe()
}

export type WebPush = NonNullable<Awaited<ReturnType<typeof openWebPush>>>

function clientOf(manager: PushManager) {
  const unsubscribe = async () => void await (await manager.getSubscription())?.unsubscribe()
  return {
    endpoint: async () => (await manager.getSubscription())?.endpoint ?? null,
    unsubscribe,
    /** `key`: the edge's public key. Replaces an existing subscription, which may be for another key. */
    async subscribe(key: string): Promise<Subscription> {
      await unsubscribe()
      try {
        const subscription = await manager.subscribe({ userVisibleOnly: true, applicationServerKey: key })
        return pushSubscription.parse(subscription.toJSON())
      }
      catch (cause) {
        if (!(cause instanceof DOMException))
          throw cause
        const message = 'The browser\'s push service did not answer. Check the connection and try again.'
        throw new WebPushError(message, { cause })
      }
    },
  }
}
