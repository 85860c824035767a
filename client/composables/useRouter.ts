import type { ComputedRef, InjectionKey } from 'vue'
import type { Route } from '../lib/route.ts'
import { useEventListener } from '@vueuse/core'
import { computed, inject, provide, ref } from 'vue'
import { must } from '#shared/lib/must.ts'
import { parseRoute, pathOf } from '../lib/route.ts'

export interface Router {
  route: ComputedRef<Route>
  go: (route: Route) => void
}

const ROUTER: InjectionKey<Router> = Symbol('router')

/** Provides the address bar as state; called once, by the page. */
export function provideRouter(): Router {
  const path = ref(location.pathname)
  useEventListener(window, 'popstate', () => {
    path.value = location.pathname
  })
  const router: Router = {
    route: computed(() => parseRoute(path.value)),
    go(route) {
      const next = pathOf(route)
      if (next === path.value)
        return
      history.pushState(null, '', next)
      path.value = next
    },
  }
  provide(ROUTER, router)
  return router
}

export function useRouter(): Router {
  return must(inject(ROUTER), 'the router that the page provides')
}
