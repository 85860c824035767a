import type { AddressInfo } from 'node:net'
import type { PairingServerOptions } from './pairing-server.ts'
import { once } from 'node:events'
import { request } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { createPairingServer } from './pairing-server.ts'

const closing: (() => void)[] = []
afterEach(() => closing.splice(0).forEach(close => close()))

const HOST = 'runner.tail1234.ts.net'
const ADA = { 'host': HOST, 'tailscale-user-login': 'ada@example.com' }

async function start(api: Partial<PairingServerOptions['api']> = {}) {
  const refused: string[] = []
  const bugs: unknown[] = []
  const server = createPairingServer({
    allowed: { url: `https://${HOST}`, logins: ['ada@example.com'] },
    api: {
      offerPairing: async () => ({ id: 'p1', code: 'c', short: 's', expiresAt: 1 }),
      readPairing: async () => ({ state: 'open' }),
      answerPairing: async () => ({ state: 'over' }),
      ...api,
    },
    edge: 'https://edge.example',
    now: () => 0,
    refused: why => refused.push(why),
    bug: error => bugs.push(error),
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo

  /** Uses node:http, because fetch sets Host and Origin itself. */
  async function ask(method: string, path: string, headers: Record<string, string | string[]>, body = '') {
    const sent = request({ port, host: '127.0.0.1', method, path, headers, setHost: false }).end(body)
    const [response] = await once(sent, 'response')
    let text = ''
    for await (const chunk of response)
      text += chunk
    return { status: response.statusCode, headers: response.headers, text }
  }
  return { ask, refused, bugs }
}

test('an allowed login gets the page, its style and its script under a strict content security policy', async () => {
  const { ask } = await start()
  for (const [path, type] of [['/', 'text/html'], ['/style.css', 'text/css'], ['/watch.js', 'text/javascript']] as const) {
    const { status, headers } = await ask('GET', path, ADA)
    expect([path, status, headers['content-type']]).toEqual([path, 200, `${type}; charset=utf-8`])
    expect(headers['content-security-policy']).toContain('default-src \'none\'')
    expect(headers['content-security-policy']).not.toMatch(/unsafe|https?:|\*/)
    expect(headers['cache-control']).toBe('no-store')
  }
  expect((await ask('GET', '/', ADA)).text).not.toMatch(/ style=|<script>| on\w+=/)
})

test('a form redirects to a page that can be reloaded', async () => {
  const { ask } = await start()
  const { status, headers } = await ask('POST', '/pairings', { ...ADA, origin: `https://${HOST}` })
  expect([status, headers.location]).toEqual([303, '/pairings/p1'])
})

test.each([
  ['without a login', { host: HOST }, 403],
  ['with two logins', { 'host': HOST, 'tailscale-user-login': ['ada@example.com', 'ada@example.com'] }, 403],
  ['under another name', { ...ADA, host: 'evil.example' }, 421],
])('a request %s is refused before its form is read', async (_, headers, status) => {
  const { ask, refused } = await start({ offerPairing: () => Promise.reject(new Error('was called')) })
  expect((await ask('POST', '/pairings', { ...headers, origin: `https://${HOST}` })).status).toBe(status)
  expect(refused).toHaveLength(1)
})

test('a form that is too long is not read to its end', async () => {
  const { ask } = await start()
  expect((await ask('POST', '/pairings/p1/answer', { ...ADA, origin: `https://${HOST}` }, `accept=${'y'.repeat(100_000)}`)).status).toBe(413)
})

test('a bug is reported, and its client gets no details', async () => {
  const { ask, bugs } = await start({ offerPairing: () => Promise.reject(new Error('a secret')) })
  await expect(ask('POST', '/pairings', { ...ADA, origin: `https://${HOST}` })).rejects.toThrow('hang up')
  expect(bugs).toEqual([expect.objectContaining({ message: 'a secret' })])
})
