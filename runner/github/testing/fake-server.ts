import type { IncomingMessage } from 'node:http'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import * as z from 'zod'

export interface Seen { method: string, path: string, headers: IncomingMessage['headers'], body: string }

export interface Reply {
  status?: number
  headers?: Record<string, string>
  body?: unknown
  /** Ends the connection without an answer. */
  hangUp?: boolean
  /** Ends the connection in the middle of the answer. */
  cut?: boolean
}

export interface FakeServer extends AsyncDisposable {
  url: string
  /** `METHOD /path?query` of every request, in order. */
  calls: string[]
  seen: Seen[]
}

/** A real server on the loopback that answers each request by `reply`. */
export async function fakeServer(reply: (request: Seen, calls: readonly string[]) => Reply): Promise<FakeServer> {
  const calls: string[] = []
  const seen: Seen[] = []
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const one: Seen = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body }
      calls.push(`${one.method} ${one.path}`)
      seen.push(one)
      const { status = 200, headers = {}, body: answer, hangUp = false, cut = false } = reply(one, calls)
      if (hangUp)
        return request.socket.destroy()
      const plain = typeof answer === 'string'
      response.writeHead(status, { 'content-type': plain ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8', ...headers })
      if (cut)
        return response.write('the first half', () => request.socket.destroy())
      response.end(status === 304 ? undefined : plain ? answer : JSON.stringify(answer ?? {}))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = z.object({ port: z.number() }).parse(server.address())
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
