import { useEventListener } from '@vueuse/core'
import { onMounted, ref, shallowRef } from 'vue'
import { notificationState } from '../lib/notification-state.ts'
import { accessApi, AccessError } from '../state/access-api.ts'
import { openWebPush, WebPushError } from '../state/web-push.ts'
import { useProblem } from './useProblem.ts'

/** Notifications on this device. The browser is asked for permission only when the person turns them on. */
export function useNotifications() {
  /** Null until it is known. */
  const state = shallowRef<ReturnType<typeof notificationState> | null>(null)
  const busy = ref(false)
  const { problem, attempt } = useProblem(AccessError, WebPushError)
  let key = ''

  async function refresh() {
    const [push, view] = await Promise.all([openWebPush(), accessApi.notifications()])
    key = view.key
    state.value = notificationState({
      supported: push !== null,
      apple: /iPhone|iPad/.test(navigator.userAgent),
      permission: push === null ? 'default' : Notification.permission,
      browserEndpoint: await push?.endpoint() ?? null,
      edgeEndpoint: view.endpoint,
    })
  }

  async function change(act: () => Promise<unknown>) {
    busy.value = true
    try {
      await attempt(async () => {
        await act()
        await refresh()
      })
    }
    finally {
      busy.value = false
    }
  }

  const turnOn = () => change(async () => {
    const push = await Notification.requestPermission() === 'granted' ? await openWebPush() : null
    if (push)
      await accessApi.startNotifications(await push.subscribe(key))
  })
  const turnOff = () => change(async () => {
    await accessApi.stopNotifications()
    await (await openWebPush())?.unsubscribe()
  })

  const retry = () => change(async () => {})
  onMounted(retry)
  // The person may come back from the browser's settings.
  useEventListener(window, 'focus', retry)
  return { state, busy, problem, turnOn, turnOff }
}
