import type { ServerResponse } from 'node:http'
import { once } from 'node:events'
import { createServer } from 'node:http'

/** A server that answers no request before `open`, so that an agent that sends one is busy until then. */
export async function startBlockingServer(host: string) {
  const waiting: ServerResponse[] = []
  const server = createServer((_, response) => void waiting.push(response))
  server.listen(0, host)
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string')
    throw new Error('the blocking server listens on no port')
  return {
    url: `http://${host}:${address.port}`,
    waiting: () => waiting.length,
    open: () => waiting.forEach(response => response.end()),
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
