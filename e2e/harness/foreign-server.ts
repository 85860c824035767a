import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { LOOPBACK } from '#shared/lib/local-hosts.ts'

/** Starts another server on this machine, which records the cookies that browsers send to it under any host name. */
export async function startForeignServer(): Promise<{ port: number, cookies: string[], close: () => void }> {
  const cookies: string[] = []
  const server = createServer((request, response) => {
    cookies.push(request.headers.cookie ?? '')
    response.setHeader('Content-Type', 'text/html').end('<title>Another server</title>')
  })
  server.listen(0, LOOPBACK)
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    cookies,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** Runs in a page of that server: tries to reach the development server under each host, and returns the attempts that succeeded. */
export async function reachFromPage(hosts: string[]): Promise<string[]> {
  const socket = (url: string, protocol?: string) => new Promise((resolve, reject) => {
    const opened = new WebSocket(url, protocol ?? [])
    opened.onopen = resolve
    opened.onerror = reject
  })
  const script = (src: string) => new Promise((onload, onerror) => {
    document.head.append(Object.assign(document.createElement('script'), { type: 'module', src, onload, onerror }))
  })
  const attempts = hosts.flatMap((host): [string, Promise<unknown>][] => [
    [`${host}: read the session`, fetch(`http://${host}/api/session`, { credentials: 'include' })],
    [
      `${host}: query the rows`,
      fetch(`http://${host}/cdn-cgi/explorer/api/workers/durable_objects/namespaces/mainloop-Mainloop/query`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: '{}',
      }),
    ],
    [`${host}: read a module`, fetch(`http://${host}/main.ts`)],
    [`${host}: load a module without reading it`, fetch(`http://${host}/main.ts`, { mode: 'no-cors' })],
    [`${host}: run a module`, script(`http://${host}/@vite/client`)],
    [`${host}: open the socket of hot reload`, socket(`ws://${host}/`, 'vite-hmr')],
    [`${host}: open the socket of a device`, socket(`ws://${host}/api/live?protocol=1`)],
  ])
  const outcomes = await Promise.allSettled(attempts.map(([, attempt]) => attempt))
  return attempts.flatMap(([name], index) => outcomes[index]?.status === 'fulfilled' ? [name] : [])
}
