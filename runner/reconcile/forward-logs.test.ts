import type { LogLine } from '#shared/protocol/log.ts'
import type { Job } from '../executor/executor.ts'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { eventually } from '#shared/testing/eventually.ts'
import { ConnectionLostError } from '../edge-connection/outbox.ts'
import { createLogForwarder } from './forward-logs.ts'

const JOB: Job = { name: 'ml-a1b2c3d4e5-implement-1', task: 'a1b2c3d4e5', attempt: 1, result: null }

function line(n: number): LogLine {
  return { attempt: 1, n, at: 1, stage: 'agent', kind: 'info', text: `line ${n}` }
}

/** A Job with `count` lines, and an edge that stores only the line after its last one. `live`: the log does not end. */
function setUp({ count, stored = 0, live = false }: { count: number, stored?: number, live?: boolean }) {
  const edge = { n: stored, frames: [] as number[][], online: true, hold: Promise.resolve() }
  const follows: number[] = []
  const failures: unknown[] = []
  const stop = new AbortController()
  const logs = createLogForwarder({
    executor: {
      async* follow(_, after, signal) {
        follows.push(after)
        for (let n = after + 1; n <= count; n++)
          yield line(n)
        if (live && !signal.aborted)
          await once(signal, 'abort')
      },
    },
    sendLog: async (_, lines) => {
      edge.frames.push(lines.map(({ n }) => n))
      await edge.hold
      if (!edge.online)
        throw new ConnectionLostError('The connection was lost.')
      for (const { n } of lines)
        edge.n = n === edge.n + 1 ? n : edge.n
      return edge.n
    },
    ended: () => undefined,
    failed: (_, error) => failures.push(error),
  })
  return { edge, logs, follows, failures, stop, follow: () => logs.follow([JOB], stop.signal) }
}

test('a log is forwarded once to its end, however often it is followed', async () => {
  const { edge, logs, follow, follows } = setUp({ count: 450 })
  follow()
  follow()
  await eventually(() => expect(logs.has(JOB.name)).toBe(true))
  follow()
  expect([edge.n, follows]).toEqual([450, [0]])
  expect(Math.max(...edge.frames.map(({ length }) => length))).toBeLessThanOrEqual(200)
})

test('the log of a running Job is not complete, though all its lines are there', async () => {
  const { edge, logs, follow, stop } = setUp({ count: 3, live: true })
  follow()
  await eventually(() => expect(edge.n).toBe(3))
  expect(logs.has(JOB.name)).toBe(false)
  stop.abort()
})

test('a restarted runner goes on from what the edge already has', async () => {
  const { edge, logs, follow } = setUp({ count: 500, stored: 400 })
  follow()
  await eventually(() => expect(logs.has(JOB.name)).toBe(true))
  expect(edge.n).toBe(500)
  // The answer to the first frame says which lines the edge has; those are not sent again.
  expect(edge.frames.slice(1).flat()).toEqual(Array.from({ length: 100 }, (_, i) => 401 + i))
})

test('one frame at a time is under way', async () => {
  const { edge, follow, logs } = setUp({ count: 1000 })
  const { promise, resolve } = Promise.withResolvers<void>()
  edge.hold = promise
  follow()
  await eventually(() => expect(edge.frames).toHaveLength(1))
  resolve()
  await eventually(() => expect(logs.has(JOB.name)).toBe(true))
  expect(edge.frames.flat()).toEqual(Array.from({ length: 1000 }, (_, i) => i + 1))
})

test('forwarding goes on from the last stored line after the connection was lost', async () => {
  const { edge, logs, follow, follows } = setUp({ count: 3, live: true })
  edge.online = false
  follow()
  await eventually(() => expect(edge.frames).toHaveLength(1))
  edge.online = true
  await eventually(() => {
    follow()
    expect(edge.n).toBe(3)
  })
  expect(follows).toEqual([0, 0])
  logs.forget(JOB.name)
})

test('an unreadable log is tried again, but does not keep its Job for ever', async () => {
  const failures: unknown[] = []
  const logs = createLogForwarder({
    executor: {
      async* follow() {
        throw new Error('the file is gone')
      },
    },
    sendLog: async () => 0,
    ended: () => undefined,
    failed: (_, error) => failures.push(error),
  })
  await eventually(() => {
    logs.follow([JOB], new AbortController().signal)
    expect(logs.has(JOB.name)).toBe(true)
  })
  expect(failures).toHaveLength(5)
})
