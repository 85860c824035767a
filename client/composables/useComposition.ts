import { useEventListener } from '@vueuse/core'

/** The `keyCode` of a key that an input method takes for itself. */
const TAKEN_BY_INPUT_METHOD = 229

/**
 * Keeps the keys that choose or discard a word in an input method from every listener of ours, in every field of the
 * page. The browser still handles them.
 */
export function useComposition(): void {
  useEventListener(window, 'keydown', (event) => {
    if (isComposing(event))
      event.stopImmediatePropagation()
  }, { capture: true })
}

/** Safari ends the composition before it sends the key that ended it; only the code then tells. */
function isComposing({ isComposing, keyCode }: KeyboardEvent): boolean {
  return isComposing || keyCode === TAKEN_BY_INPUT_METHOD
}
