import { useEventListener } from '@vueuse/core'

export type Shortcut = 'chat' | 'tasks' | 'inbox' | 'search' | 'next' | 'previous' | 'approve' | 'help'

const SINGLE: Record<string, Shortcut> = { 'j': 'next', 'k': 'previous', 'a': 'approve', '/': 'search', '?': 'help' }
const AFTER_G: Record<string, Shortcut> = { c: 'chat', t: 'tasks', i: 'inbox' }

/** Single keys while nothing is being written. */
export function useShortcuts(on: Record<Exclude<Shortcut, 'next' | 'previous' | 'approve'>, () => void>) {
  let before: string | null = null

  useEventListener(window, 'keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isWriting(event.target))
      return
    const does = shortcut(before, event.key)
    before = event.key
    if (!does)
      return
    event.preventDefault()
    if (does === 'next' || does === 'previous')
      move(does)
    else if (does === 'approve')
      approve()
    else
      on[does]()
  })
}

/** What a key means, given the one before it. */
export function shortcut(before: string | null, key: string): Shortcut | null {
  return (before === 'g' ? AFTER_G[key] : SINGLE[key]) ?? null
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))
}

/** Only a plan that is meant beyond doubt: the one the focus is in, or the only one on the screen. */
function approve() {
  const scope = document.querySelector('dialog[open]') ?? document
  const buttons = [...scope.querySelectorAll<HTMLElement>('[data-approve]')].filter(button => button.checkVisibility())
  const focused = buttons.find(button => button.closest('article, section')?.contains(document.activeElement))
  const isOne = new Set(buttons.map(({ dataset }) => dataset.approve)).size === 1
  const meant = focused ?? (isOne ? buttons[0] : undefined)
  meant?.click()
}

function move(to: 'next' | 'previous') {
  const scope = document.querySelector('dialog[open]') ?? document
  const items = [...scope.querySelectorAll<HTMLElement>('[data-list-item]')]
  const at = items.findIndex(item => item === document.activeElement)
  const next = to === 'next' ? at + 1 : at - 1
  items[Math.max(0, Math.min(items.length - 1, next))]?.focus()
}
