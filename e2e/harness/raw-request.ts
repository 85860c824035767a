import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { WebSocket } from 'ws'
import { LOOPBACK } from '#shared/lib/local-hosts.ts'

export interface RawRequest { method?: string, headers?: OutgoingHttpHeaders, body?: string }

export interface RawResponse { status: number, headers: IncomingHttpHeaders, body: string }

/** Sends exactly this path and these headers to a port of this machine; `fetch` would change them. */
export async function rawRequest(port: number, path: string, { method = 'GET', headers = {}, body }: RawRequest = {}): Promise<RawResponse> {
  return await new Promise((resolve, reject) => {
    const sent = request({ host: LOOPBACK, port, path, method, headers: { Host: `${LOOPBACK}:${port}`, ...headers } }, (response) => {
      const { statusCode: status = 0, headers } = response
      text(response).then(body => resolve({ status, headers, body }), reject)
    })
    sent.once('error', reject)
    sent.end(body)
  })
}

interface RawUpgrade { headers?: Record<string, string>, protocol?: string | undefined }

/** Tries to open a WebSocket with exactly these headers, and closes it again. */
export async function rawUpgrade(port: number, path: string, { headers = {}, protocol }: RawUpgrade = {}): Promise<'open' | 'refused'> {
  const socket = new WebSocket(`ws://${LOOPBACK}:${port}${path}`, protocol ?? [], { headers: { Host: `${LOOPBACK}:${port}`, ...headers } })
  return await new Promise<'open' | 'refused'>((resolve) => {
    socket.once('open', () => resolve('open'))
    socket.on('error', () => resolve('refused'))
  }).finally(() => socket.terminate())
}
