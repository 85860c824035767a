import { reset } from 'cloudflare:test'
import { beforeAll } from 'vitest'

/** All test files share the storage of one runtime, so each begins by emptying it. */
beforeAll(() => reset())
