import { afterAll, vi } from 'vitest'

/** What a page loads after its first paint may still be under way when its last test ends: it must not arrive where there is no page any more. */
afterAll(() => vi.dynamicImportSettled())
