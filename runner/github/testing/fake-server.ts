import type { IncomingMessage } from 'node:http'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import * as z from 'zod'

export interface RecordedRequest { method: string, path: string, headers: IncomingMessage['headers'], body: string }

export interface Reply {
  status?: number
  headers?: Record<string, string>
  body?: unknown
  /** Ends the connection without a response. */
  hangUp?: boolean
  /** Ends the connection in the middle of the response. */
  cut?: boolean
}

export interface FakeServer extends AsyncDisposable {
  url: string
  /** `METHOD /path?query` of every request, in order. */
  calls: string[]
  requests: RecordedRequest[]
}

/** An HTTP server on the loopback that answers each request with `reply`. */
export async function fakeServer(reply: (request: RecordedRequest, calls: readonly string[]) => Reply): Promise<FakeServer> {
  const calls: string[] = []
  const requests: RecordedRequest[] = []
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const recorded: RecordedRequest = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body }
      calls.push(`${recorded.method} ${recorded.path}`)
      requests.push(recorded)
      const { status = 200, headers = {}, body: answer, hangUp = false, cut = false } = reply(recorded, calls)
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
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
