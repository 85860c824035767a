import type { ComputedRef, MaybeRefOrGetter } from 'vue'
import { createSharedComposable } from '@vueuse/core'
import { computed, shallowRef, toValue } from 'vue'

/**
 * Loaded after the first paint; from then on a text is HTML at once, so that
 * nothing is drawn twice. Where it cannot be loaded, plain text stands.
 */
const useRenderer = createSharedComposable(() => {
  const render = shallowRef<((text: string) => readonly string[]) | null>(null)
  import('../lib/markdown.ts').then(
    ({ renderMarkdown }) => void (render.value = renderMarkdown),
    error => console.warn('Texts stay plain until the page is loaded again:', error),
  )
  return render
})

/**
 * HTML of a text, block by block; null for the moment it takes to
 * load the renderer, in which the plain text stands in its place.
 */
export function useMarkdown(text: MaybeRefOrGetter<string>): ComputedRef<readonly string[] | null> {
  const render = useRenderer()
  return computed(() => render.value?.(toValue(text)) ?? null)
}
