import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { must } from '#shared/lib/must.ts'
import { LIVE_PROTOCOL_VERSION } from '#shared/protocol/live.ts'
import { startEdge } from './harness/edge.ts'
import { freePort } from './harness/free-port.ts'
import { openLog } from './harness/log.ts'

const SECRET = 'setup-secret-of-the-socket-spec'
const RUNNER_TOKEN = 'runner-token-of-the-socket-spec'
const stack = new AsyncDisposableStack()
let origin: string

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mainloop-sockets-'))
  stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  const edge = await startEdge({
    port: await freePort(),
    state: join(folder, 'state'),
    vars: { SETUP_SECRET: SECRET, RUNNER_TOKEN },
    log: (await openLog('socket-close')).of('edge'),
  })
  stack.defer(edge.stop)
  origin = edge.url
})
afterAll(() => stack.disposeAsync())

type Caller = () => Promise<[path: string, headers: Record<string, string>]>

test.each<[string, Caller]>([
  ['a device', async () => [`/api/live?protocol=${LIVE_PROTOCOL_VERSION}`, { Cookie: await pairDevice(), Origin: origin }]],
  ['a runner', async () => ['/runner', { Authorization: `Bearer ${RUNNER_TOKEN}` }]],
])('%s that closes its socket gets the close frame of the edge', async (_, caller) => {
  const [path, headers] = await caller()
  const socket = new WebSocket(origin.replace('http', 'ws') + path, { headers })
  await once(socket, 'open')
  socket.close(4123, 'going')
  // Without a close frame the client would wait for 30 s and then say 1006.
  const [code, reason] = await once(socket, 'close')
  expect([code, String(reason)]).toEqual([4123, 'going'])
})

async function pairDevice(): Promise<string> {
  const body = JSON.stringify({ secret: SECRET, name: 'Laptop' })
  const paired = await fetch(`${origin}/api/pair`, { method: 'POST', headers: { Origin: origin }, body })
  return must(paired.headers.get('set-cookie')?.split(';')[0], 'a cookie')
}
