import { useEventListener } from '@vueuse/core'

export type Shortcut = 'chat' | 'tasks' | 'inbox' | 'search' | 'next' | 'previous' | 'approve' | 'help'

const SINGLE: Record<string, Shortcut> = { 'j': 'next', 'k': 'previous', 'a': 'approve', '/': 'search', '?': 'help' }
const AFTER_G: Record<string, Shortcut> = { c: 'chat', t: 'tasks', i: 'inbox' }

/** Handles single keys while the focus is in no input. */
export function useShortcuts(on: Record<Exclude<Shortcut, 'next' | 'previous' | 'approve'>, () => void>) {
  let before: string | null = null

  useEventListener(window, 'keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target))
      return
    const name = shortcut(before, event.key)
    before = event.key
    if (!name)
      return
    event.preventDefault()
    if (name === 'next' || name === 'previous')
      move(name)
    else if (name === 'approve')
      approve()
    else
      on[name]()
  })
}

/** The shortcut of a key, or null; `before` is the previous key. */
export function shortcut(before: string | null, key: string): Shortcut | null {
  return (before === 'g' ? AFTER_G[key] : SINGLE[key]) ?? null
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))
}

/** Approves the plan that has the focus, or the only one on the screen; never an ambiguous one. */
function approve() {
  const scope = document.querySelector('dialog[open]') ?? document
  const buttons = [...scope.querySelectorAll<HTMLElement>('[data-approve]')].filter(button => button.checkVisibility())
  const focused = buttons.find(button => button.closest('article, section')?.contains(document.activeElement))
  const isOne = new Set(buttons.map(({ dataset }) => dataset.approve)).size === 1
  const button = focused ?? (isOne ? buttons[0] : undefined)
  button?.click()
}

function move(to: 'next' | 'previous') {
  const scope = document.querySelector('dialog[open]') ?? document
  const items = [...scope.querySelectorAll<HTMLElement>('[data-list-item]')]
  const at = items.findIndex(item => item === document.activeElement)
  const next = to === 'next' ? at + 1 : at - 1
  items[Math.max(0, Math.min(items.length - 1, next))]?.focus()
}
