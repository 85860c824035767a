import type { PushSubscription as Subscription } from '#shared/protocol/notifications.ts'
import { pushSubscription } from '#shared/protocol/notifications.ts'

/** The browser would not subscribe, in a sentence. */
export class PushError extends Error {
  override readonly name = 'PushError'
}

/** This browser's side of Web Push; null where there is none, or no service worker to be woken. */
export async function pushHere() {
  const registration = await navigator.serviceWorker?.getRegistration()
  return registration && 'pushManager' in registration && 'Notification' in window ? sideOf(registration.pushManager) : null
}

/** Nothing is pushed to this browser any more, whoever thinks so. */
export async function stopPushHere(): Promise<void> {
  await (await pushHere())?.stop()
}

export type PushHere = NonNullable<Awaited<ReturnType<typeof pushHere>>>

function sideOf(manager: PushManager) {
  const stop = async () => void await (await manager.getSubscription())?.unsubscribe()
  return {
    endpoint: async () => (await manager.getSubscription())?.endpoint ?? null,
    stop,
    /** For the edge with this key; one for another key is given up. */
    async start(key: string): Promise<Subscription> {
      await stop()
      try {
        return pushSubscription.parse((await manager.subscribe({ userVisibleOnly: true, applicationServerKey: key })).toJSON())
      }
      catch (cause) {
        if (!(cause instanceof DOMException))
          throw cause
        throw new PushError('The browser\'s push service did not answer. Check the connection and try again.', { cause })
      }
    },
  }
}
