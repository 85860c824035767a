export type Shortcut = 'chat' | 'tasks' | 'inbox' | 'search' | 'next' | 'previous' | 'approve' | 'help'

const SINGLE: Record<string, Shortcut> = { 'j': 'next', 'k': 'previous', 'a': 'approve', '/': 'search', '?': 'help' }
const AFTER_G: Record<string, Shortcut> = { c: 'chat', t: 'tasks', i: 'inbox' }

/** What a key means, given the one before it. */
export function shortcut(before: string | null, key: string): Shortcut | null {
  return (before === 'g' ? AFTER_G[key] : SINGLE[key]) ?? null
}
