import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import WebSocket from 'ws'
import { LIVE_PROTOCOL_VERSION } from '#shared/protocol/live.ts'
import { SCHEMA_VERSION } from '#shared/protocol/replicache.ts'
import { newSecret } from '../../scripts/lib/settings.ts'
import build from '../harness/build.ts'
import { startEdge } from '../harness/edge.ts'
import { freePort } from '../harness/free-port.ts'
import { median, pairedRatio } from './statistics.ts'

/** Measures the cost of authentication. The kinds of request take turns, so that a slow moment affects all of them. */
const ROUNDS = 200

/**
 * A refused caller, which must reach no storage, and a known device, as multiples of an open route. The shares are those of the
 * device's authentication in the time of a pull and of opening a socket.
 */
const TARGETS = { stranger: 1.3, device: 2.5, shareOfPull: 0.5, shareOfSocket: 0.5 }

await build()
const folder = await mkdtemp(join(tmpdir(), 'mainloop-auth-'))
const secret = newSecret()
const edge = await startEdge({ port: await freePort(), state: folder, vars: { SETUP_SECRET: secret, RUNNER_TOKEN: newSecret() }, log: () => {} })
try {
  process.exitCode = await measure() ? 0 : 1
}
finally {
  await edge.stop()
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
}

async function measure(): Promise<boolean> {
  const paired = await fetch(`${edge.url}/api/pair`, { method: 'POST', headers: { origin: edge.url }, body: JSON.stringify({ secret, name: 'Bench' }) })
  const cookie = paired.headers.get('set-cookie')?.split(';')[0] ?? ''
  const body = JSON.stringify({ pullVersion: 1, schemaVersion: SCHEMA_VERSION, profileID: 'bench', clientGroupID: 'bench', cookie: null })
  const kinds: Record<string, () => Promise<unknown>> = {
    'an open route': () => readWhole(fetch(`${edge.url}/api/health`)),
    'a caller without a token': () => readWhole(fetch(`${edge.url}/api/session`)),
    'a known device': () => readWhole(fetch(`${edge.url}/api/session`, { headers: { cookie } })),
    'a known device that pulls': () => readWhole(fetch(`${edge.url}/api/pull`, { method: 'POST', headers: { cookie, origin: edge.url }, body })),
    'a known device that opens a socket': () => openSocket(cookie),
  }
  const times = Object.fromEntries(Object.keys(kinds).map(name => [name, [] as number[]]))
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, ask] of Object.entries(kinds)) {
      const begun = performance.now()
      await ask()
      times[name]?.push(performance.now() - begun)
    }
  }

  const of = (name: keyof typeof kinds) => times[name] ?? []
  const open = of('an open route')
  const device = median(of('a known device')) - median(open)
  console.table(
    Object.entries(times).map(([name, values]) => ({
      'caller': name,
      'p50, ms': median(values).toFixed(2),
      '× an open route': pairedRatio(values, open).toFixed(2),
    })),
  )
  const figures = {
    stranger: pairedRatio(of('a caller without a token'), open),
    device: pairedRatio(of('a known device'), open),
    shareOfPull: device / median(of('a known device that pulls')),
    shareOfSocket: device / median(of('a known device that opens a socket')),
  }
  const missed = Object.entries(TARGETS).filter(([name, target]) => !(figures[name as keyof typeof TARGETS] <= target))
  for (const [name, target] of missed)
    console.log(`missed: ${name} is ${figures[name as keyof typeof TARGETS].toFixed(2)}, at most ${target} was wanted`)
  console.log(JSON.stringify({ bench: 'auth', figures, targets: TARGETS }))
  return missed.length === 0
}

async function readWhole(response: Promise<Response>): Promise<void> {
  await (await response).arrayBuffer()
}

/** Resolves once the socket is open; closing it is not measured. */
async function openSocket(cookie: string): Promise<void> {
  const socket = new WebSocket(`${edge.url.replace('http', 'ws')}/api/live?protocol=${LIVE_PROTOCOL_VERSION}`, { headers: { cookie, origin: edge.url } })
  await once(socket, 'open')
  socket.close()
}
