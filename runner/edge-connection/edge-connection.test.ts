import type { AddressInfo } from 'node:net'
import type { WebSocket } from 'ws'
import type { RunnerDown, RunnerUp } from '#shared/protocol/runner.ts'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { must } from '#shared/lib/must.ts'
import { CLOSE, PING, PONG } from '#shared/protocol/live.ts'
import { RUNNER_PROTOCOL_VERSION, runnerUp } from '#shared/protocol/runner.ts'
import { eventually } from '#shared/testing/eventually.ts'
import { createLink, FencedError } from './edge-connection.ts'
import { LinkDownError } from './outbox.ts'

/** Silence is of no concern to most tests, however slow the machine. */
const TIMING = { pingMs: 50, silenceMs: 60_000, firstRetryMs: 1, lastRetryMs: 5 }
const TASK = 'a1b2c3d4e5'
const started = { id: `${TASK}/1/started`, task: TASK, event: { kind: 'started' as const, attempt: 1 } }
const line = { attempt: 1, n: 1, at: 1, stage: 'agent' as const, kind: 'info' as const, text: 'one' }
const desiredTask = {
  id: TASK,
  title: 'Add a farewell',
  repository: 'octo/hello',
  base: null,
  brief: 'Add a farewell.',
  model: null,
  branch: 'mainloop/a1b2c3d4e5',
  pull: null,
  createdAt: 1,
  issue: null,
  heads: [],
  heard: [],
  reply: null,
  blocked: false,
  flags: [],
  summaries: [],
  spent: { costUsd: 0, inputTokens: 0, outputTokens: 0 },
  work: { do: 'wait' as const },
}

const cleanUps: (() => void)[] = []
afterEach(() => cleanUps.splice(0).forEach(cleanUp => cleanUp()))

/** An edge on loopback that does nothing by itself, and a runner's link to it. */
async function stage({ token = 'secret', silenceMs = TIMING.silenceMs } = {}) {
  const http = createServer()
  const sockets = new WebSocketServer({ noServer: true })
  const connections: Connection[] = []
  http.on('upgrade', (request, socket, head) => {
    if (request.headers.authorization !== 'Bearer secret')
      return socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n')
    sockets.handleUpgrade(request, socket, head, ws => connections.push(connection(ws)))
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const { port } = http.address() as AddressInfo

  const stop = new AbortController()
  const said: string[] = []
  const link = createLink({
    edge: `http://127.0.0.1:${port}`,
    token,
    hello: { instance: 'i', executor: 'process', problems: [] },
    say: (_, sentence) => said.push(sentence),
    spent: () => undefined,
    changed: () => undefined,
    random: () => 0,
    timing: { ...TIMING, silenceMs },
  })
  const running = link.run(stop.signal)
  const settled = running.catch((error: unknown) => error)
  cleanUps.push(() => {
    stop.abort()
    sockets.clients.forEach(client => client.terminate())
    http.close()
  })
  return {
    link,
    said,
    settled,
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

function connection(ws: WebSocket): Connection {
  const it: Connection = { ws, frames: [], pings: 0, answersPings: true, send: frame => ws.send(JSON.stringify(frame)) }
  ws.on('message', (data) => {
    if (String(data) !== PING)
      return it.frames.push(runnerUp.parse(JSON.parse(String(data))))
    it.pings += 1
    if (it.answersPings)
      ws.send(PONG)
  })
  return it
}

test('it says hello, and knows what is desired only after it has heard all', async () => {
  const { link, connected } = await stage()
  const edge = await connected()
  await eventually(() => expect(edge.frames).toEqual([{ type: 'hello', protocol: RUNNER_PROTOCOL_VERSION, instance: 'i', executor: 'process', problems: [] }]))
  edge.send({ type: 'desired', full: false, tasks: [desiredTask] })
  edge.send({ type: 'welcome', lease: 1 })
  expect(link.desired()).toBeNull()
  edge.send({ type: 'desired', full: true, tasks: [desiredTask] })
  await eventually(() => expect(link.desired()).toEqual([desiredTask]))
  edge.send({ type: 'desired', full: false, tasks: [{ ...desiredTask, work: { do: 'forget' } }] })
  await eventually(() => expect(link.desired()).toEqual([]))
})

test('a report is sent again over the next connection until it is acked', async () => {
  const { link, connected } = await stage()
  link.report(started)
  link.report(started)
  const first = await connected()
  first.send({ type: 'welcome', lease: 1 })
  await eventually(() => expect(first.frames.slice(1)).toEqual([{ type: 'report', ...started }]))
  first.ws.terminate()

  const second = await connected(2)
  second.send({ type: 'welcome', lease: 2 })
  await eventually(() => expect(second.frames.slice(1)).toEqual([{ type: 'report', ...started }]))
  expect(link.isReporting(TASK)).toBe(true)
  second.send({ type: 'ack', report: started.id, refused: null })
  await eventually(() => expect(link.isReporting(TASK)).toBe(false))
})

test('a report that the edge could not read is refused here, so that it does not end every connection', async () => {
  const { link } = await stage()
  expect(() => link.report({ ...started, task: 'no task' })).toThrow()
  expect(link.isReporting('no task')).toBe(false)
})

test('what was desired is forgotten with the connection', async () => {
  const { link, connected } = await stage()
  const edge = await connected()
  edge.send({ type: 'welcome', lease: 1 })
  edge.send({ type: 'desired', full: true, tasks: [desiredTask] })
  await eventually(() => expect(link.desired()).not.toBeNull())
  edge.ws.terminate()
  await eventually(() => expect(link.desired()).toBeNull())
})

test('log lines resolve with what the edge has, and are given back when the link goes away', async () => {
  const { link, connected } = await stage()
  await expect(link.sendLog(TASK, [line])).rejects.toThrow(LinkDownError)
  const edge = await connected()
  edge.send({ type: 'welcome', lease: 1 })
  edge.send({ type: 'desired', full: true, tasks: [] })
  await eventually(() => expect(link.desired()).toEqual([]))

  const stored = link.sendLog(TASK, [{ ...line, text: 'x'.repeat(5000) }])
  await eventually(() => expect(edge.frames.at(-1)).toMatchObject({ type: 'log', lines: [{ text: expect.stringMatching(/^x+ … \(cut\)$/) }] }))
  edge.send({ type: 'log-ack', task: TASK, attempt: 1, n: 9 })
  expect(await stored).toBe(9)

  const lost = link.sendLog(TASK, [line])
  edge.ws.terminate()
  await expect(lost).rejects.toThrow(LinkDownError)
})

test('a link that went silent is given up and dialled again', async () => {
  const { connected, said } = await stage({ silenceMs: 100 })
  const edge = await connected()
  edge.answersPings = false
  await connected(2)
  expect(edge.pings).toBeGreaterThan(0)
  expect(said).toContainEqual(expect.stringContaining('heard nothing for 0.1 s'))
})

test('pings keep a quiet link alive', async () => {
  const { connected, connections } = await stage({ silenceMs: 500 })
  const edge = await connected()
  await eventually(() => expect(edge.pings).toBeGreaterThan(15))
  expect(connections).toHaveLength(1)
})

test('fenced off, it stops and says why', async () => {
  const { connected, settled } = await stage()
  const edge = await connected()
  edge.ws.close(CLOSE.fenced, 'A newer runner took over.')
  expect(await settled).toBeInstanceOf(FencedError)
})

test('a token the edge does not know is one sentence, however often it is tried', async () => {
  const { said, stop, settled } = await stage({ token: 'wrong' })
  await eventually(() => expect(said).toHaveLength(1))
  expect(said[0]).toMatch(/does not know this runner's token\. Set RUNNER_TOKEN/)
  stop.abort()
  expect(await settled).toBeUndefined()
})

test('stopping it ends the connection', async () => {
  const { connected, stop, settled } = await stage()
  const edge = await connected()
  const closed = once(edge.ws, 'close')
  stop.abort()
  expect((await closed)[0]).toBe(1000)
  expect(await settled).toBeUndefined()
})
