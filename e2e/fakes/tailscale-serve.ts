import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { createServer, request } from 'node:http'

export interface FakeTailscaleServe {
  /** Stands for the address in the tailnet at which `tailscale serve` publishes the port. */
  url: string
  close: () => void
}

/**
 * A proxy like `tailscale serve`, which would need a tailnet: it forwards requests to a port of this machine with their own Host,
 * removes Tailscale's identity headers from them, and adds those of the caller.
 * @see https://tailscale.com/kb/1312/serve#identity-headers
 */
export async function startFakeTailscaleServe(port: number, login: string): Promise<FakeTailscaleServe> {
  const server = createServer((incoming, outgoing) => {
    const own = Object.fromEntries(Object.entries(incoming.headers).filter(([name]) => !name.startsWith('tailscale-')))
    const headers = { ...own, 'x-forwarded-for': '100.64.0.7', 'tailscale-user-login': login, 'tailscale-user-name': 'Ada' }
    const forwarded = request({ port, host: '127.0.0.1', method: incoming.method, path: incoming.url, headers }, (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers)
      response.pipe(outgoing)
    })
    forwarded.on('error', () => outgoing.writeHead(502).end())
    incoming.pipe(forwarded)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port: ownPort } = server.address() as AddressInfo
  return {
    url: `http://localhost:${ownPort}`,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
