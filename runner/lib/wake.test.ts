import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createWake } from './wake.ts'

/** Longer than any test may take: whoever waits for it fails. */
const FOREVER_MS = 3_600_000

test('a call ends the wait', async () => {
  const wake = createWake()
  const waiting = wake.wait(FOREVER_MS, new AbortController().signal)
  wake.up()
  await expect(waiting).resolves.toBeUndefined()
})

test('a call that comes while the loop is busy is not slept through, and counts once', async () => {
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

test('the end of the runner ends the wait', async () => {
  const stop = new AbortController()
  const waiting = createWake().wait(FOREVER_MS, stop.signal)
  stop.abort()
  await expect(waiting).resolves.toBeUndefined()
})

test('without a call it ends after its time', async () => {
  await expect(createWake().wait(1, new AbortController().signal)).resolves.toBeUndefined()
})
