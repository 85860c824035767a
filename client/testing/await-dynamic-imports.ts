import { afterAll, vi } from 'vitest'

/** A page's late imports may still run when its last test ends; they must not finish without a page. */
afterAll(() => vi.dynamicImportSettled())
