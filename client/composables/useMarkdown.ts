import type { ComputedRef, MaybeRefOrGetter } from 'vue'
import { createSharedComposable } from '@vueuse/core'
import { computed, shallowRef, toValue } from 'vue'

/**
 * The renderer is loaded after the first paint; after that a text becomes
 * HTML at once, so that nothing is drawn twice. Without it texts stay plain.
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
 * A text as HTML, block by block; null until the renderer
 * is loaded, and the plain text stands in its place.
 */
export function useMarkdown(text: MaybeRefOrGetter<string>): ComputedRef<readonly string[] | null> {
  const render = useRenderer()
  return computed(() => render.value?.(toValue(text)) ?? null)
}
