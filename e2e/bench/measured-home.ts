import type { Edge, EdgeOptions } from '../harness/edge.ts'
import type { PushClient } from '../harness/push-client.ts'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import WebSocket from 'ws'
import { LIVE_PROTOCOL_VERSION } from '#shared/protocol/live.ts'
import { newSecret } from '../../scripts/lib/settings.ts'
import { startEdge } from '../harness/edge.ts'
import { freePort } from '../harness/free-port.ts'
import { pairPushClient } from '../harness/push-client.ts'

/** As many as a small household has at once. */
const DEVICES = 20
/** Requests under way at the same time. */
const CLIENTS = 4
/** Long enough for a few hundred requests. */
const WINDOW_MS = 2_000

export interface MeasuredHome extends AsyncDisposable {
  /** Stops and starts it; ms until it is healthy. */
  restart: () => Promise<number>
  /** Megabytes of memory of all its processes; `devices` have sockets open meanwhile. */
  memory: (devices: 0 | typeof DEVICES) => Promise<number>
  pullsPerSecond: () => Promise<number>
  messagesPerSecond: () => Promise<number>
  /** Times of single pushes, one after the other, until the signal aborts; ms. */
  pushTimes: (signal: AbortSignal) => Promise<number[]>
}

/** One home with paired clients, and what the bench wants to know of it. */
export async function startMeasuredHome(home: NonNullable<EdgeOptions['home']>, state: string): Promise<MeasuredHome> {
  const setupSecret = newSecret()
  const vars = { SETUP_SECRET: setupSecret, RUNNER_TOKEN: newSecret() }
  const edge = await startEdge({ home, port: await freePort(), state, vars, log: () => {} })
  const clients: PushClient[] = []
  for (let n = 0; n < CLIENTS; n++)
    clients.push(await pairPushClient(edge.url, setupSecret))

  return {
    async restart() {
      await edge.stop()
      const begun = performance.now()
      await edge.start()
      return performance.now() - begun
    },
    async memory(devices) {
      const sockets = await Promise.all(Array.from({ length: devices }, (_, n) => openSocket(edge, clients[n % CLIENTS])))
      const megabytes = await memoryOf(edge.pid())
      sockets.forEach(socket => socket.terminate())
      return megabytes
    },
    pullsPerSecond: () => perSecond(clients, async client => void await client.pull(null)),
    messagesPerSecond: () => perSecond(clients, async client => void await client.send('How far is the release?')),
    async pushTimes(signal) {
      const [client] = clients
      const times: number[] = []
      // The first ones may meet connections that were closed after they were idle.
      for (let n = 0; n <= CLIENTS; n++)
        await client?.send('Is anybody there?')
      while (!signal.aborted) {
        const begun = performance.now()
        if (!await client?.send('How far is the release?'))
          throw new Error('A push was refused.')
        times.push(performance.now() - begun)
      }
      return times
    },
    [Symbol.asyncDispose]: () => edge.stop(),
  }
}

async function perSecond(clients: readonly PushClient[], ask: (client: PushClient) => Promise<void>): Promise<number> {
  const begun = performance.now()
  let answers = 0
  await Promise.all(clients.map(async (client) => {
    while (performance.now() - begun < WINDOW_MS) {
      await ask(client)
      answers++
    }
  }))
  return answers / (performance.now() - begun) * 1000
}

async function openSocket({ url }: Edge, client: PushClient | undefined): Promise<WebSocket> {
  const address = `${url.replace('http', 'ws')}/api/live?protocol=${LIVE_PROTOCOL_VERSION}`
  const socket = new WebSocket(address, { headers: { cookie: client?.cookie ?? '', origin: url } })
  await once(socket, 'open')
  return socket
}

/** The resident memory of a group of processes, with what they share counted once. */
async function memoryOf(group: number): Promise<number> {
  const processes = (await readdir('/proc')).filter(name => /^\d+$/.test(name))
  const kilobytes = await Promise.all(processes.map(async (pid) => {
    try {
      const [, , pgrp] = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ').at(-1)?.split(' ') ?? []
      if (Number(pgrp) !== group)
        return 0
      return Number(/^Pss:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0)
    }
    catch {
      // It has ended.
      return 0
    }
  }))
  return kilobytes.reduce((sum, each) => sum + each, 0) / 1000
}
