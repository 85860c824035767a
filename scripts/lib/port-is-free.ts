import { createServer } from 'node:net'
import { IPV6_LOOPBACK, LOOPBACK, NO_IPV6 } from '#shared/lib/local-hosts.ts'

/** Whether a server could listen on this port of every loopback address that the machine has. */
export async function portIsFree(port: number): Promise<boolean> {
  return await isFreeOn(LOOPBACK, port) && await isFreeOn(IPV6_LOOPBACK, port)
}

async function isFreeOn(host: string, port: number): Promise<boolean> {
  return await new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE')
        resolve(false)
      else if (NO_IPV6.has(error.code ?? ''))
        resolve(true)
      else
        reject(error)
    })
    server.listen({ port, host, ipv6Only: true }, () => server.close(() => resolve(true)))
  })
}
