import type { AddressInfo } from 'node:net'
import type { WebSocket } from 'ws'
import type { RunnerDown, RunnerUp } from '#shared/protocol/runner.ts'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { must } from '#shared/lib/must.ts'
import { MAX_FEEDBACK_LENGTH, MAX_FRAME_BYTES } from '#shared/model/limits.ts'
import { CLOSE, PING, PONG } from '#shared/protocol/live.ts'
import { createPartsJoiner, toParts } from '#shared/protocol/parts.ts'
import { MAX_RUNNER_FRAME_LENGTH, RUNNER_PROTOCOL_VERSION, runnerUp } from '#shared/protocol/runner.ts'
import { eventually } from '#shared/testing/eventually.ts'
import { buildDesiredTask } from '../testing/build-desired-task.ts'
import { createEdgeConnection, SupersededError } from './edge-connection.ts'
import { ConnectionLostError } from './outbox.ts'

/** The idle timeout is long, so that a slow machine closes no connection by it. */
const TIMING = { pingMs: 50, idleTimeoutMs: 60_000, retry: { firstMs: 1, maxMs: 5 }, faultRetry: { firstMs: 1, maxMs: 5 } }
const TASK = 'a1b2c3d4e5'
const started = { id: `${TASK}/1/started`, task: TASK, event: { kind: 'started' as const, attempt: 1 } }
const line = { attempt: 1, n: 1, at: 1, stage: 'agent' as const, kind: 'info' as const, text: 'one' }
const desiredTask = buildDesiredTask({ id: TASK, work: { do: 'wait' } })

const cleanUps: (() => void)[] = []
afterEach(() => cleanUps.splice(0).forEach(cleanUp => cleanUp()))

/** A runner's connection to an edge on loopback that sends only what the test sends. */
async function connect({ token = 'secret', idleTimeoutMs = TIMING.idleTimeoutMs, faultRetry = TIMING.faultRetry } = {}) {
  const http = createServer()
  const sockets = new WebSocketServer({ noServer: true })
  const connections: Connection[] = []
  http.on('upgrade', (request, socket, head) => {
    // A refused client may reset the connection, which is no failure of the test.
    socket.on('error', () => undefined)
    if (request.headers.authorization !== 'Bearer secret')
      return socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n')
    sockets.handleUpgrade(request, socket, head, ws => connections.push(observe(ws)))
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const { port } = http.address() as AddressInfo

  const stop = new AbortController()
  const said: string[] = []
  const connection = createEdgeConnection({
    edge: `http://127.0.0.1:${port}`,
    token,
    hello: { instance: 'i', executor: 'process', problems: [] },
    say: (_, sentence) => said.push(sentence),
    spent: () => undefined,
    changed: () => undefined,
    random: () => 0,
    timing: { ...TIMING, idleTimeoutMs, faultRetry },
  })
  const running = connection.run(stop.signal)
  const ended = running.catch((error: unknown) => error)
  cleanUps.push(() => {
    stop.abort()
    sockets.clients.forEach(client => client.terminate())
    http.close()
  })
  return {
    connection,
    said,
    ended,
    stop,
    connections,
    connected: async (n = 1) => eventually(() => must(connections[n - 1], `connection ${n}`)),
  }
}

interface Connection {
  ws: WebSocket
  frames: RunnerUp[]
  pings: number
  send: (frame: RunnerDown) => void
  answersPings: boolean
}

function observe(ws: WebSocket): Connection {
  let sent = 0
  const send = (frame: RunnerDown) => toParts(JSON.stringify(frame), ++sent).forEach(piece => ws.send(piece))
  const it: Connection = { ws, frames: [], pings: 0, answersPings: true, send }
  const join = createPartsJoiner(MAX_RUNNER_FRAME_LENGTH)
  ws.on('message', (data) => {
    if (String(data) !== PING) {
      const frame = runnerUp.parse(JSON.parse(String(data)))
      const outcome = frame.type === 'part' ? join(frame) : null
      if (outcome?.kind === 'more')
        return
      return it.frames.push(outcome?.kind === 'whole' ? runnerUp.parse(JSON.parse(outcome.text)) : frame)
    }
    it.pings += 1
    if (it.answersPings)
      ws.send(PONG)
  })
  return it
}

test('the desired tasks are unknown until the full list has arrived', async () => {
  const { connection, connected } = await connect()
  const edge = await connected()
  await eventually(() => expect(edge.frames).toEqual([{ type: 'hello', protocol: RUNNER_PROTOCOL_VERSION, instance: 'i', executor: 'process', problems: [] }]))
  edge.send({ type: 'desired', full: false, tasks: [desiredTask] })
  edge.send({ type: 'welcome', lease: 1 })
  expect(connection.desired()).toBeNull()
  edge.send({ type: 'desired', full: true, tasks: [desiredTask] })
  await eventually(() => expect(connection.desired()).toEqual([desiredTask]))
  edge.send({ type: 'desired', full: false, tasks: [{ ...desiredTask, work: { do: 'forget' } }] })
  await eventually(() => expect(connection.desired()).toEqual([]))
})

test('a report is sent again over each connection until it is acknowledged', async () => {
  const { connection, connected } = await connect()
  connection.report(started)
  connection.report(started)
  const first = await connected()
  first.send({ type: 'welcome', lease: 1 })
  await eventually(() => expect(first.frames.slice(1)).toEqual([{ type: 'report', ...started }]))
  first.ws.terminate()

  const second = await connected(2)
  second.send({ type: 'welcome', lease: 2 })
  await eventually(() => expect(second.frames.slice(1)).toEqual([{ type: 'report', ...started }]))
  expect(connection.isReporting(TASK)).toBe(true)
  second.send({ type: 'ack', report: started.id, refused: null })
  await eventually(() => expect(connection.isReporting(TASK)).toBe(false))
})

test('an invalid report throws and is not sent', async () => {
  const { connection } = await connect()
  expect(() => connection.report({ ...started, task: 'no task' })).toThrow()
  expect(connection.isReporting('no task')).toBe(false)
})

test('the desired tasks are forgotten with the connection', async () => {
  const { connection, connected } = await connect()
  const edge = await connected()
  edge.send({ type: 'welcome', lease: 1 })
  edge.send({ type: 'desired', full: true, tasks: [desiredTask] })
  await eventually(() => expect(connection.desired()).not.toBeNull())
  edge.ws.terminate()
  await eventually(() => expect(connection.desired()).toBeNull())
})

test('sent log lines resolve with the edge\'s last line, and reject when the connection is lost', async () => {
  const { connection, connected } = await connect()
  await expect(connection.sendLog(TASK, [line])).rejects.toThrow(ConnectionLostError)
  const edge = await connected()
  edge.send({ type: 'welcome', lease: 1 })
  edge.send({ type: 'desired', full: true, tasks: [] })
  await eventually(() => expect(connection.desired()).toEqual([]))

  const stored = connection.sendLog(TASK, [{ ...line, text: 'x'.repeat(5000) }])
  await eventually(() => expect(edge.frames.at(-1)).toMatchObject({ type: 'log', lines: [{ text: expect.stringMatching(/^x+ … \(cut\)$/) }] }))
  edge.send({ type: 'log-ack', task: TASK, attempt: 1, n: 9 })
  expect(await stored).toBe(9)

  const lost = connection.sendLog(TASK, [line])
  edge.ws.terminate()
  await expect(lost).rejects.toThrow(ConnectionLostError)
})

test('an idle connection is closed and dialled again', async () => {
  const { connected, said } = await connect({ idleTimeoutMs: 100 })
  const edge = await connected()
  edge.answersPings = false
  await connected(2)
  expect(edge.pings).toBeGreaterThan(0)
  expect(said).toContainEqual(expect.stringContaining('heard nothing for 0.1 s'))
})

test('pings keep a connection without frames alive', async () => {
  const { connected, connections } = await connect({ idleTimeoutMs: 500 })
  const edge = await connected()
  await eventually(() => expect(edge.pings).toBeGreaterThan(15))
  expect(connections).toHaveLength(1)
})

test('a superseded connection ends with an error', async () => {
  const { connected, ended } = await connect()
  const edge = await connected()
  edge.ws.close(CLOSE.superseded, 'A newer runner took over.')
  expect(await ended).toBeInstanceOf(SupersededError)
})

test('an unknown token is logged once, however often the runner retries', async () => {
  const { said, stop, ended } = await connect({ token: 'wrong' })
  await eventually(() => expect(said).toHaveLength(1))
  expect(said[0]).toMatch(/does not know this runner's token\. Set RUNNER_TOKEN/)
  stop.abort()
  expect(await ended).toBeUndefined()
})

test('an abort closes the connection', async () => {
  const { connected, stop, ended } = await connect()
  const edge = await connected()
  const closed = once(edge.ws, 'close')
  stop.abort()
  expect((await closed)[0]).toBe(1000)
  expect(await ended).toBeUndefined()
})

test('frames that are too large for one travel in parts, both ways', async () => {
  const { connection, connected } = await connect()
  const edge = await connected()
  const large = { ...desiredTask, heads: Array.from({ length: 9000 }, () => 'a'.repeat(40)) }
  edge.send({ type: 'welcome', lease: 1 })
  edge.send({ type: 'desired', full: true, tasks: [large] })
  await eventually(() => expect(connection.desired()).toEqual([large]))

  const comments = Array.from({ length: 100 }, (_, n) => ({ id: `comment:${n}` as const, text: '\u0001'.repeat(MAX_FEEDBACK_LENGTH / 100) }))
  const report = { id: 'large', task: TASK, event: { kind: 'feedback' as const, comments } }
  expect(JSON.stringify(report).length).toBeGreaterThan(3 * MAX_FRAME_BYTES)
  connection.report(report)
  await eventually(() => expect(edge.frames.at(-1)).toEqual({ type: 'report', ...report }))
})

test('a report that does not match the protocol fails its own task', async () => {
  const { connection, connected } = await connect()
  const edge = await connected()
  edge.send({ type: 'welcome', lease: 1 })
  const usage = { costUsd: 1, inputTokens: 2, outputTokens: 3 }
  const result = { outcome: 'planned' as const, plan: 'a'.repeat(1_280_000), questions: [], usage }
  connection.report({ id: 'too-long', task: TASK, event: { kind: 'ended', attempt: 1, result } })
  connection.report({ id: 'next', task: TASK, event: { kind: 'merged' } })
  await eventually(() => expect(edge.frames).toHaveLength(3))
  expect(edge.frames.slice(1)).toEqual([
    {
      type: 'report',
      id: 'too-long',
      task: TASK,
      event: { kind: 'ended', attempt: 1, result: { outcome: 'failed', kind: 'agent', reason: expect.stringMatching(/could not be delivered/), usage } },
    },
    { type: 'report', id: 'next', task: TASK, event: { kind: 'merged' } },
  ])
})

test.each([CLOSE.protocol, CLOSE.failed, 1009])('a report for which the edge closes with %i backs off, and fails its task after some times', async (code) => {
  const { connection, connected, connections } = await connect()
  connection.report({ id: 'bad', task: TASK, event: { kind: 'pushed', head: 'a'.repeat(40) } })
  connection.report({ id: 'good', task: 'z1b2c3d4e5', event: { kind: 'merged' } })
  for (let n = 1; n <= 4; n++) {
    const edge = await connected(n)
    edge.send({ type: 'welcome', lease: n })
    await eventually(() => expect(edge.frames).toHaveLength(3))
    edge.ws.close(code, 'No.')
  }
  const last = await connected(5)
  last.send({ type: 'welcome', lease: 5 })
  await eventually(() => expect(last.frames).toHaveLength(3))
  expect(last.frames.slice(1)).toEqual([
    { type: 'report', id: 'bad', task: TASK, event: { kind: 'blocked', on: 'runner', why: expect.stringMatching(/"pushed" could not be delivered/) } },
    { type: 'report', id: 'good', task: 'z1b2c3d4e5', event: { kind: 'merged' } },
  ])
  expect(connections).toHaveLength(5)
})

test('a report that an edge never welcomed is sent as it is, however often the edge fails', async () => {
  const { connection, connected } = await connect()
  connection.report(started)
  for (let n = 1; n <= 10; n++)
    (await connected(n)).ws.close(CLOSE.failed, 'No.')
  const last = await connected(11)
  last.send({ type: 'welcome', lease: 1 })
  await eventually(() => expect(last.frames.slice(1)).toEqual([{ type: 'report', ...started }]))
})

test('a report is not blamed while a log frame may be the cause, nor for a frame of the edge', async () => {
  const { connection, connected } = await connect()
  connection.report(started)
  for (let n = 1; n <= 10; n++) {
    const edge = await connected(n)
    edge.send({ type: 'welcome', lease: n })
    await eventually(() => expect(edge.frames.slice(1)).toEqual([{ type: 'report', ...started }]))
    if (n % 2 === 0) {
      edge.ws.send('{"type":"hologram"}')
      continue
    }
    const lost = connection.sendLog(TASK, [line]).catch((error: unknown) => error)
    edge.ws.close(CLOSE.failed, 'No.')
    expect(await lost).toBeInstanceOf(ConnectionLostError)
  }
  const last = await connected(11)
  last.send({ type: 'welcome', lease: 11 })
  await eventually(() => expect(last.frames.slice(1)).toEqual([{ type: 'report', ...started }]))
})

test('a report whose failure the edge does not take either is not the cause, so it is sent as it was', async () => {
  const { connection, connected } = await connect()
  connection.report(started)
  for (let n = 1; n <= 12; n++) {
    const edge = await connected(n)
    edge.send({ type: 'welcome', lease: n })
    const kind = n > 4 && n <= 8 ? 'blocked' : 'started'
    await eventually(() => expect(edge.frames.slice(1)).toMatchObject([{ type: 'report', id: started.id, event: { kind } }]))
    edge.ws.close(CLOSE.failed, 'No.')
  }
  const last = await connected(13)
  last.send({ type: 'welcome', lease: 13 })
  await eventually(() => expect(last.frames.slice(1)).toEqual([{ type: 'report', ...started }]))
  last.send({ type: 'ack', report: started.id, refused: null })
  await eventually(() => expect(connection.isReporting(TASK)).toBe(false))
})

test('a runner whose frames the edge refuses comes back ever more rarely', async () => {
  const faultRetry = { firstMs: 40, maxMs: 10_000 }
  const { connected, connections } = await connect({ faultRetry })
  const begun = Date.now()
  for (let n = 1; n <= 4; n++) {
    const edge = await connected(n)
    edge.send({ type: 'welcome', lease: n })
    edge.ws.close(CLOSE.protocol, 'No.')
  }
  await connected(5)
  // 40, 80, 160 and 320 ms, each at least half of it; without the wait it would be a few milliseconds.
  expect(Date.now() - begun).toBeGreaterThanOrEqual(300)
  expect(connections).toHaveLength(5)
})
