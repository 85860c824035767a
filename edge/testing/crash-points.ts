import { AsyncLocalStorage } from 'node:async_hooks'

/** What the tests' build puts around every `await` of the parts it instruments. */
interface AwaitPoints {
  one: (name: string, value: unknown) => unknown
  each: (name: string, values: AsyncIterable<unknown>) => AsyncIterable<unknown>
}

export interface InterruptedRun<T> {
  /** What came of it; null when it was ended before. */
  result: T | null
  /** The awaits that were passed, in order. */
  passed: readonly string[]
}

/**
 * Runs `work` and ends it for good at its `last`th await: what was awaited has happened, and nobody goes on. Without `last` it lives to
 * its end.
 */
export async function runUntil<T>(work: () => Promise<T>, last = Infinity): Promise<InterruptedRun<T>> {
  Object.assign(globalThis, { awaitPoints: POINTS })
  const passed: string[] = []
  const { promise: ended, resolve: end } = Promise.withResolvers<null>()
  const pass = async (name: string, value: unknown) => {
    const result = await value
    passed.push(name)
    if (passed.length < last)
      return result
    end(null)
    return new Promise(() => {})
  }
  return { result: await Promise.race([present.run({ pass }, work), ended]), passed }
}

/** Whose await it is: the object under the test waits for things of its own. */
const present = new AsyncLocalStorage<{ pass: (name: string, value: unknown) => Promise<unknown> }>()

const POINTS: AwaitPoints = { one: (name, value) => present.getStore()?.pass(name, value) ?? value, each }

async function* each(name: string, values: AsyncIterable<unknown>): AsyncIterable<unknown> {
  for await (const value of values) {
    await present.getStore()?.pass(name, null)
    yield value
  }
  await present.getStore()?.pass(name, null)
}
