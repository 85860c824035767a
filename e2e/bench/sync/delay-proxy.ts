import type { AddressInfo, Socket } from 'node:net'
import { connect, createServer } from 'node:net'

/** A TCP proxy on loopback that holds every chunk for `oneWayMs` in each direction, in order. */
export async function startDelayProxy(target: string, oneWayMs: number): Promise<{ url: string, close: () => void }> {
  const { hostname, port } = new URL(target)
  const open = new Set<Socket>()
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ host: hostname, port: Number(port), noDelay: true })
    for (const [from, to] of [[near, far], [far, near]] as const) {
      open.add(from)
      from.on('data', chunk => setTimeout(() => to.writable && to.write(chunk), oneWayMs))
      from.on('end', () => setTimeout(() => to.end(), oneWayMs))
      from.on('error', () => to.destroy())
      from.on('close', () => open.delete(from))
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port: own } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${own}`,
    close() {
      server.close()
      open.forEach(socket => socket.destroy())
    },
  }
}
