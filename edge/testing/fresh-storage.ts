import { reset } from 'cloudflare:test'
import { beforeAll } from 'vitest'

/** All test files share one runtime, and with it its storage: each begins with none. */
beforeAll(() => reset())
