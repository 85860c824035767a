import type { AddressInfo } from 'node:net'
import type { SelfHosted } from './start-self-hosted.ts'
import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { LIVE_PROTOCOL_VERSION } from '#shared/protocol/live.ts'
import { isUp } from '../../scripts/lib/is-up.ts'
import { startProcess } from '../../scripts/lib/start-process.ts'
import { waitUntil } from '../../scripts/lib/wait-until.ts'
import { freePort } from '../harness/free-port.ts'
import { pairPushClient } from '../harness/push-client.ts'
import { rawRequest } from '../harness/raw-request.ts'
import { appOf } from '../harness/self-hosted.ts'
import { startSelfHosted } from './start-self-hosted.ts'

/** More wrong tokens than one address may try in a minute (wrangler.toml). */
const TRIES = 130

/** The type of the first record of a TLS connection (RFC 8446 §5.1). */
const TLS_HANDSHAKE = 0x16

/** The start command on a volume of which somebody else may be the user. */
async function startAgain(env: Record<string, string>) {
  const lines: string[] = []
  const port = await freePort()
  const running = startProcess({
    file: join(await appOf('dist'), 'start'),
    args: [],
    env: { SETUP_SECRET: 'a-secret', RUNNER_TOKEN: 'a-token', MAINLOOP_LISTEN: `localhost:${port}`, ...env },
    onLine: line => void lines.push(line),
  })
  const ended = await running.exited
  return { ended, said: lines.join('\n') }
}

async function newVolume() {
  const data = await mkdtemp(join(tmpdir(), 'mainloop-volume-'))
  return { data, [Symbol.asyncDispose]: () => rm(data, { recursive: true }) }
}

test('a second edge on the same volume refuses to start, and says why', async () => {
  await using first = await startSelfHosted()
  expect(await startAgain({ MAINLOOP_DATA: first.data })).toEqual({
    ended: 'ended with code 75',
    said: `Another edge or a restore is using ${first.data}. Only one may: two lose data. Stop it first.`,
  })
  expect((await fetch(`${first.edge.url}/api/health`)).ok).toBe(true)
})

test.each([
  ['a missing secret', { SETUP_SECRET: '' }, 'SETUP_SECRET is not set.'],
  ['a missing token', { RUNNER_TOKEN: '' }, 'RUNNER_TOKEN is not set.'],
  ['a model that has no address', { ANTHROPIC_BASE_URL: 'gateway:8080' }, 'ANTHROPIC_BASE_URL is not an http(s) address: gateway:8080'],
  ['a proxy by its name', { TRUSTED_PROXIES: '127.0.0.1, proxy' }, 'TRUSTED_PROXIES holds what is neither an address nor a range'],
  ['an epoch that is no number', { EPOCH: 'two' }, 'The epoch is not a whole number: two'],
  ['a folder that cannot be written', { MAINLOOP_DATA: '/proc/1/nothing' }, 'The folder /proc/1/nothing cannot be written.'],
])('%s is refused with a sentence', async (_, env, sentence) => {
  await using volume = await newVolume()
  const { ended, said } = await startAgain({ MAINLOOP_DATA: volume.data, ...env })
  expect(said).toContain(sentence)
  expect(ended).toBe('ended with code 1')
})

test('a volume on which a restore was interrupted is not started', async () => {
  await using volume = await newVolume()
  await writeFile(join(volume.data, 'restoring'), '')
  expect((await startAgain({ MAINLOOP_DATA: volume.data })).said).toContain('A restore of')
})

test('a start command that is killed alone takes its edge with it, and the volume is free', async () => {
  await using home = await startSelfHosted()
  process.kill(home.edge.pid(), 'SIGKILL')
  await waitUntil('the edge to be gone', async () => !await isUp(`${home.edge.url}/api/health`))
  await home.edge.start()
  expect(await isUp(`${home.edge.url}/api/health`)).toBe(true)
})

test('a stop drains for two seconds and then ends, although a device stays connected', async () => {
  await using home = await startSelfHosted()
  const client = await pairPushClient(home.edge.url, home.setupSecret)
  const address = `${home.edge.url.replace('http', 'ws')}/api/live?protocol=${LIVE_PROTOCOL_VERSION}`
  const socket = new WebSocket(address, { headers: { cookie: client.cookie, origin: home.edge.url } })
  await once(socket, 'open')
  const closed = once(socket, 'close')
  const begun = performance.now()
  await home.edge.stop()
  await closed
  expect(performance.now() - begun).toBeGreaterThan(1_900)
  expect(performance.now() - begun).toBeLessThan(20_000)
  await home.edge.start()
  expect(await client.send('It goes on.')).toBe(true)
})

test('nobody chooses the address that their wrong tokens are counted under', async () => {
  await using home = await startSelfHosted()
  const statuses = await tryTokens(home, n => ({ 'CF-Connecting-IP': `192.0.2.${n}`, 'X-Forwarded-For': `192.0.2.${n}` }))
  expect(statuses).toEqual([401, 429])
})

test('behind a trusted proxy each client has its own count, by the last hop', async () => {
  await using home = await startSelfHosted({ TRUSTED_PROXIES: '127.0.0.0/8, ::1' })
  expect(await tryTokens(home, n => ({ 'X-Forwarded-For': `198.51.100.1, 192.0.2.${n}` }))).toEqual([401])
  expect(await tryTokens(home, n => ({ 'CF-Connecting-IP': `192.0.2.${n}`, 'X-Forwarded-For': `192.0.2.${n}, 198.51.100.1` }))).toEqual([401, 429])
})

/** The statuses that many wrong tokens get, in the order of their first occurrence. */
async function tryTokens({ edge }: SelfHosted, headers: (n: number) => Record<string, string>): Promise<number[]> {
  const port = Number(new URL(edge.url).port)
  const statuses = new Set<number>()
  for (let n = 0; n < TRIES; n++) {
    const cookie = `__Host-mainloop=${'x'.repeat(40)}${n}`
    const { status } = await rawRequest(port, '/api/session', { headers: { Host: 'localhost', Cookie: cookie, ...headers(n) } })
    statuses.add(status)
  }
  return [...statuses]
}

test('the configured address of the model may be private, and nothing that it leads to', async () => {
  await using servers = new AsyncDisposableStack()
  const asked: string[] = []
  const other = servers.use(await startServer((path) => {
    asked.push(`other ${path}`)
    return {}
  }))
  const model = servers.use(await startServer((path) => {
    asked.push(`model ${path}`)
    return { Location: `${other.url}/v1/messages` }
  }))
  await using home = await startSelfHosted({ ANTHROPIC_API_KEY: 'a-key', ANTHROPIC_BASE_URL: model.url })
  const client = await pairPushClient(home.edge.url, home.setupSecret)
  await client.send('Hello?')
  await waitUntil('the model to be asked twice', () => asked.length > 1)
  expect(new Set(asked.map(each => each.split(' ')[0]))).toEqual(new Set(['model']))
})

/** A server that redirects every request, or answers it. */
async function startServer(headersOf: (path: string) => Record<string, string>) {
  const server = createServer((request, response) => {
    const headers = headersOf(request.url ?? '')
    response.writeHead('Location' in headers ? 307 : 200, headers).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

test('a model with an https address is asked in TLS alone', async () => {
  const received: Buffer[] = []
  const server = createTcpServer(socket => socket.on('data', data => void received.push(data)).on('error', () => {}))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await using home = await startSelfHosted({ ANTHROPIC_API_KEY: 'a-key', ANTHROPIC_BASE_URL: `https://localhost:${port}` })
  const client = await pairPushClient(home.edge.url, home.setupSecret)
  await client.send('Hello?')
  const [first] = await waitUntil('the model to be asked', () => received.length > 0 && received)
  expect(first?.[0]).toBe(TLS_HANDSHAKE)
  expect(Buffer.concat(received).toString('latin1')).not.toContain('a-key')
  server.close()
})
