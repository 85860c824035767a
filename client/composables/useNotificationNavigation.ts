import type { Router } from './useRouter.ts'
import { useEventListener } from '@vueuse/core'
import { onMounted } from 'vue'
import * as z from 'zod'
import { parseRoute } from '../lib/route.ts'
import { accessApi, AccessError } from '../state/access-api.ts'
import { openWebPush } from '../state/web-push.ts'

/**
 * The service worker's message after a notification was pressed; one of an earlier version says it in the same words.
 */
const navigation = z.object({ go: z.string() })

/**
 * Shows the page that a pressed notification names, and ends a subscription of another person who used this browser.
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

/** A subscription that the edge does not have for this device belongs to the person who was signed in before. */
async function dropForeignSubscription(): Promise<void> {
  const push = await openWebPush()
  const mine = await push?.endpoint()
  if (!push || !mine)
    return
  try {
    if ((await accessApi.notifications()).endpoint !== mine)
      await push.unsubscribe()
  }
  catch (error) {
    // Not reached: the next start looks again.
    if (!(error instanceof AccessError))
      throw error
  }
}
