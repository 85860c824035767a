import { mount } from '@vue/test-utils'
import { expect, test } from 'vitest'
import { defineComponent } from 'vue'
import { useComposition } from './useComposition.ts'

const Page = defineComponent({
  emits: ['taken'],
  setup() {
    useComposition()
  },
  template: '<form><input @keydown="$emit(\'taken\', $event.key)"></form>',
})

type Key = KeyboardEventInit & { keyCode?: number }

/** Presses the keys in the input, and returns those that listeners of ours got. */
function press(keys: Key[]): unknown[] {
  const page = mount(Page, { attachTo: document.body })
  const windowGot: unknown[] = []
  const listen = ({ key }: KeyboardEvent) => void windowGot.push(key)
  window.addEventListener('keydown', listen)
  const prevented = keys.map((key) => {
    const event = new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...key })
    page.get('input').element.dispatchEvent(event)
    return event.defaultPrevented
  })
  window.removeEventListener('keydown', listen)
  const componentGot = (page.emitted('taken') ?? []).flat()
  page.unmount()
  expect(prevented).toEqual(keys.map(() => false))
  return [...componentGot, ...windowGot]
}

test.each<[string, Key]>([
  ['Enter within a composition', { key: 'Enter', isComposing: true }],
  ['Esc within a composition', { key: 'Escape', isComposing: true }],
  ['a key that the input method took', { key: 'Enter', keyCode: 229 }],
  ['the Enter that Safari sends after the end of a composition', { key: 'Enter', keyCode: 229, isComposing: false }],
  ['the Esc that Safari sends after the end of a composition', { key: 'Escape', keyCode: 229, isComposing: false }],
])('%s reaches no listener and stays the browser\'s', (_, key) => {
  expect(press([key])).toEqual([])
})

test('keys after a composition reach the listeners', () => {
  expect(press([{ key: 'Enter', isComposing: true }, { key: 'Enter', keyCode: 13 }])).toEqual(['Enter', 'Enter'])
})
