import type { Router } from './useRouter.ts'
import { useEventListener } from '@vueuse/core'
import { onMounted } from 'vue'
import * as z from 'zod'
import { parseRoute } from '../lib/route.ts'
import { accessApi, AccessError } from '../state/access-api.ts'
import { openWebPush } from '../state/web-push.ts'

/**
 * The service worker's message after a press on a notification.
 * An older service worker may send it, so its shape stays.
 */
const navigation = z.object({ go: z.string() })

/**
 * Opens the page of a pressed notification, and ends the
 * subscription of another person who used this browser.
 */
export function useNotificationNavigation({ go }: Router): void {
  if (!('serviceWorker' in navigator))
    return
  useEventListener(navigator.serviceWorker, 'message', ({ data }: MessageEvent) => {
    const parsed = navigation.safeParse(data)
    if (parsed.success)
      go(parseRoute(parsed.data.go))
  })
  onMounted(dropForeignSubscription)
}

/** A subscription that the edge does not know for this device belongs to the previously signed-in person. */
async function dropForeignSubscription(): Promise<void> {
  const push = await openWebPush()
  const endpoint = await push?.endpoint()
  if (!push || !endpoint)
    return
  try {
    if ((await accessApi.notifications()).endpoint !== endpoint)
      await push.unsubscribe()
  }
  catch (error) {
    // The edge was not reached; the next start checks again.
    if (!(error instanceof AccessError))
      throw error
  }
}
