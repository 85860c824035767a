import type { RunningProcess } from './start-process.ts'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { supervise } from './supervise.ts'

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => vi.useRealTimers())

function starts() {
  const ends: ((how: string) => void)[] = []
  const calls: string[] = []
  const start = (): RunningProcess => {
    calls.push('start')
    const { promise: exited, resolve } = Promise.withResolvers<string>()
    ends.push(resolve)
    return { pid: ends.length, exited, signal: () => {}, stop: async () => void calls.push('stop') }
  }
  return { calls, ends, start }
}

test('a process that ends is started again after a growing delay', async () => {
  const { ends, start } = starts()
  const lines: string[] = []
  const stop = supervise(start, line => lines.push(line))
  ends[0]?.('ended with code 1')
  await vi.advanceTimersByTimeAsync(500)
  expect(ends).toHaveLength(2)
  ends[1]?.('ended with code 1')
  await vi.advanceTimersByTimeAsync(500)
  expect(ends).toHaveLength(2)
  await vi.advanceTimersByTimeAsync(500)
  expect(ends).toHaveLength(3)
  expect(lines).toEqual(['It ended with code 1; it is started again in 0.5 s.', 'It ended with code 1; it is started again in 1 s.'])
  await stop()
})

test('stop ends the process and starts no other', async () => {
  const { calls, start } = starts()
  const stop = supervise(start, () => {})
  await stop()
  expect(calls).toEqual(['start', 'stop'])
})
