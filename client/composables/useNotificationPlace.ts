import type { Router } from './useRouter.ts'
import { useEventListener } from '@vueuse/core'
import { onMounted } from 'vue'
import * as z from 'zod'
import { parseRoute } from '../lib/route.ts'
import { accessApi, AccessError } from '../state/access-api.ts'
import { pushHere } from '../state/push-here.ts'

const pressed = z.object({ go: z.string() })

/** A notification that is pressed leads to its place in this window. What is pushed here is for whoever is signed in here, and nobody else. */
export function useNotificationPlace({ go }: Router): void {
  if (!('serviceWorker' in navigator))
    return
  useEventListener(navigator.serviceWorker, 'message', ({ data }: MessageEvent) => {
    const place = pressed.safeParse(data)
    if (place.success)
      go(parseRoute(place.data.go))
  })
  onMounted(tidy)
}

/** A subscription that the edge does not have for this device was made by who was signed in here before. */
async function tidy(): Promise<void> {
  const push = await pushHere()
  const mine = await push?.endpoint()
  if (!push || !mine)
    return
  try {
    if ((await accessApi.notifications()).endpoint !== mine)
      await push.stop()
  }
  catch (error) {
    // Not reached: the next start looks again.
    if (!(error instanceof AccessError))
      throw error
  }
}
