import { useEventListener } from '@vueuse/core'
import { computed, shallowRef, watch } from 'vue'
import { useMainloop } from './useMainloop.ts'

/** The state of a new version of the app. */
export type Update
  /** It is installed and waits for the person. */
  = | 'ready'
  /** Another tab activated it; this one keeps its version until it reloads. */
    | 'taken'

/** Finds new versions of the app. A version is activated only by the person, never by itself. */
export function useUpdate() {
  const { connection } = useMainloop()
  const waiting = shallowRef<ServiceWorker | null>(null)
  const taken = shallowRef(false)
  const update = computed((): Update | null => taken.value ? 'taken' : waiting.value && 'ready')

  if ('serviceWorker' in navigator && import.meta.env.PROD)
    void register(navigator.serviceWorker)

  async function register(workers: ServiceWorkerContainer) {
    // The first service worker takes over a page without one: that is no update.
    let had = workers.controller !== null
    useEventListener(workers, 'controllerchange', () => {
      taken.value = had
      had = true
    })
    // A chunk of the old version that was not loaded yet no longer exists.
    useEventListener(window, 'vite:preloadError', () => void (taken.value = true))

    const registered = workers.register('/service-worker.js')
    // A deployment of a new version drops every socket, so each new connection checks for one.
    watch(connection, (state) => {
      if (state === 'live')
        registered.then(registration => registration.update()).catch(ignoreFailure)
    })

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

/** The next connection checks again. */
function ignoreFailure() {}
