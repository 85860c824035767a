import { useEventListener } from '@vueuse/core'
import { computed, shallowRef, watch } from 'vue'
import { useMainloop } from './useMainloop.ts'

/** What is to be said about a new version of the app. */
export type Update
  /** It is here and waits until the person takes it. */
  = | 'ready'
  /** Another tab took it; this one goes on as it is until it is loaded again. */
    | 'taken'

/** A new version that is ready; it is taken when the person says so, never by itself. */
export function useUpdate() {
  const { connection } = useMainloop()
  const waiting = shallowRef<ServiceWorker | null>(null)
  const taken = shallowRef(false)
  const update = computed((): Update | null => taken.value ? 'taken' : waiting.value && 'ready')

  if ('serviceWorker' in navigator && import.meta.env.PROD)
    void register(navigator.serviceWorker)

  async function register(workers: ServiceWorkerContainer) {
    // The first one takes over a page that came without any: that is no update.
    let had = workers.controller !== null
    useEventListener(workers, 'controllerchange', () => {
      taken.value = had
      had = true
    })
    // A part of the old version that was never needed so far is not there any more.
    useEventListener(window, 'vite:preloadError', () => void (taken.value = true))

    const registered = workers.register('/service-worker.js')
    // A new version is deployed together with an edge that drops every socket: a new connection is when to look.
    watch(
      connection,
      state => state === 'live' && registered.then(registration => registration.update()).catch(offline),
    )

    const registration = await registered
    waiting.value = registration.waiting
    registration.addEventListener('updatefound', () => {
      const next = registration.installing
      next?.addEventListener('statechange', () => {
        if (next.state === 'installed' && workers.controller)
          waiting.value = next
      })
    })
  }

  function take() {
    if (taken.value)
      return location.reload()
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
    waiting.value?.postMessage('take-over')
  }

  return { update, take }
}

/** It is looked for again with the next connection. */
function offline() {}
