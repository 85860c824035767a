import { vi } from 'vitest'

/** Waits for what is bound to come. How soon is the machine's affair: only what never comes is a failure. */
export async function eventually<T>(look: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(look, { timeout: 300_000, interval: 25 })
}
