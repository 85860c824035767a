import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Plugin } from 'vite'
import { createServer } from 'node:net'
import { BROWSER_HOST, IPV6_LOOPBACK, NO_IPV6 } from '#shared/lib/local-hosts.ts'

/**
 * Lets the development server listen on `::1` too, because Vite listens on one address
 * only. Browsers try `::1` first for every `localhost` name, so a server of another user
 * that listened there would get the requests and cookies that are meant for this one.
 */
export function localAddresses(): Plugin {
  return {
    name: 'mainloop:local-addresses',
    configureServer(server) {
      const httpServer = server.httpServer as Server | null
      httpServer?.once('listening', () => {
        const { port } = httpServer.address() as AddressInfo
        listenOnIpv6(httpServer, port)
        server.printUrls = () => server.config.logger.info(`The page is at http://${BROWSER_HOST}:${port}`)
      })
    },
  }
}

function listenOnIpv6(httpServer: Server, port: number): void {
  const ipv6 = createServer(socket => httpServer.emit('connection', socket))
  httpServer.once('close', () => ipv6.close())
  ipv6.once('error', (error: NodeJS.ErrnoException) => {
    if (!NO_IPV6.has(error.code ?? ''))
      httpServer.emit('error', error)
  })
  ipv6.listen({ port, host: IPV6_LOOPBACK, ipv6Only: true })
}
