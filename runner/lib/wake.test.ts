import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createWake } from './wake.ts'

/** Longer than any test may take. */
const FOREVER_MS = 3_600_000

test('a call ends the wait', async () => {
  const wake = createWake()
  const waiting = wake.wait(FOREVER_MS, new AbortController().signal)
  wake.up()
  await expect(waiting).resolves.toBeUndefined()
})

test('calls while the loop is busy end its next wait, once', async () => {
  const wake = createWake()
  const { signal } = new AbortController()
  wake.up()
  wake.up()
  await wake.wait(FOREVER_MS, signal)
  const next = wake.wait(FOREVER_MS, signal).then(() => 'woken')
  expect(await Promise.race([next, setImmediate('asleep')])).toBe('asleep')
  wake.up()
  expect(await next).toBe('woken')
})

test('an abort ends the wait', async () => {
  const stop = new AbortController()
  const waiting = createWake().wait(FOREVER_MS, stop.signal)
  stop.abort()
  await expect(waiting).resolves.toBeUndefined()
})

test('the wait ends after its time without a call', async () => {
  await expect(createWake().wait(1, new AbortController().signal)).resolves.toBeUndefined()
})
