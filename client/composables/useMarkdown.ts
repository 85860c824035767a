import type { ComputedRef, MaybeRefOrGetter } from 'vue'
import { createSharedComposable } from '@vueuse/core'
import { computed, shallowRef, toValue } from 'vue'

/** Loaded after the first paint; from then on a text is HTML at once, so that nothing is drawn twice. */
const useRenderer = createSharedComposable(() => {
  const render = shallowRef<((text: string) => readonly string[]) | null>(null)
  void import('../lib/markdown.ts').then(({ renderMarkdown }) => void (render.value = renderMarkdown))
  return render
})

/** HTML of a text, block by block; null for the moment it takes to load the renderer, in which the plain text stands in its place. */
export function useMarkdown(text: MaybeRefOrGetter<string>): ComputedRef<readonly string[] | null> {
  const render = useRenderer()
  return computed(() => render.value?.(toValue(text)) ?? null)
}
