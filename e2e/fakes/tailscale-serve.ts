import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { createServer, request } from 'node:http'

export interface FakeTailscaleServe {
  /** Where `tailscale serve` would show what it was told to show. */
  url: string
  close: () => void
}

/**
 * In the place of `tailscale serve`, for which there would have to be a tailnet: passes requests on to a port of this machine under their
 * own Host, takes away what they say of themselves, and says who asks.
 * @see https://tailscale.com/kb/1312/serve#identity-headers
 */
export async function startFakeTailscaleServe(port: number, login: string): Promise<FakeTailscaleServe> {
  const server = createServer((incoming, answer) => {
    const said = Object.fromEntries(Object.entries(incoming.headers).filter(([name]) => !name.startsWith('tailscale-')))
    const headers = { ...said, 'x-forwarded-for': '100.64.0.7', 'tailscale-user-login': login, 'tailscale-user-name': 'Ada' }
    const onward = request({ port, host: '127.0.0.1', method: incoming.method, path: incoming.url, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers)
      response.pipe(answer)
    })
    onward.on('error', () => answer.writeHead(502).end())
    incoming.pipe(onward)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port: shown } = server.address() as AddressInfo
  return {
    url: `http://localhost:${shown}`,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
