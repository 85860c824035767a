import { AsyncLocalStorage } from 'node:async_hooks'

/** The functions that the tests' build puts around every `await` of the instrumented parts. */
interface AwaitPoints {
  one: (name: string, value: unknown) => unknown
  each: (name: string, values: AsyncIterable<unknown>) => AsyncIterable<unknown>
}

export interface InterruptedRun<T> {
  /** The result; null when the run was ended before. */
  result: T | null
  /** The awaits that were passed, in order. */
  passed: readonly string[]
}

/** Runs `work` and stops it for good after its await number `last`, whose effect has happened. Without `last` it runs to its end. */
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

/** Identifies the awaits of the run, because the object under the test has awaits of its own. */
const present = new AsyncLocalStorage<{ pass: (name: string, value: unknown) => Promise<unknown> }>()

const POINTS: AwaitPoints = { one: (name, value) => present.getStore()?.pass(name, value) ?? value, each }

async function* each(name: string, values: AsyncIterable<unknown>): AsyncIterable<unknown> {
  for await (const value of values) {
    await present.getStore()?.pass(name, null)
    yield value
  }
  await present.getStore()?.pass(name, null)
}
