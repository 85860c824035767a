import { vi } from 'vitest'

/** Repeats `check` until it does not throw. The limit is far above the needs of a slow machine. */
export async function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 300_000, interval: 25 })
}
