import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Answer, PairingHandlerDeps } from './pairing-handler.ts'
import type { AllowedLogins } from './tailscale-identity.ts'
import { Buffer } from 'node:buffer'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { unreachable } from '#shared/lib/unreachable.ts'
import { createPairingHandler } from './pairing-handler.ts'
import { readTailscaleIdentity } from './tailscale-identity.ts'

export interface PairingServerOptions extends PairingHandlerDeps {
  allowed: AllowedLogins
  /** Somebody was turned away. */
  refused: (why: string) => void
  /** Something that should not happen did; the request is lost. */
  bug: (error: unknown) => void
}

/** Our forms hold one word. Bytes. */
const MAX_FORM_BYTES = 1_000

const HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy':
    'default-src \'none\'; script-src \'self\'; style-src \'self\'; connect-src \'self\'; form-action \'self\'; base-uri \'none\'; frame-ancestors \'none\'',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  // Without any referrer a browser would say no Origin with our own forms either.
  'Referrer-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
}

const TYPES = { 'style.css': 'text/css', 'watch.js': 'text/javascript' }

/**
 * The pairing page for the tailnet. It must listen on loopback
 * only; who comes in is decided in `tailscale-identity.ts`.
 */
export function createPairingServer({ allowed, refused, bug, ...handler }: PairingServerOptions): Server {
  const answer = createPairingHandler(handler)

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', headers, socket } = request
    const identity = readTailscaleIdentity({ peer: socket.remoteAddress, method, headers }, allowed)
    if (!identity.ok) {
      refused(identity.why)
      return send(response, identity.status, 'text/plain', identity.why)
    }
    const form = await readForm(request)
    if (form === null)
      return send(response, 413, 'text/plain', 'No form of this page is that long.')
    const { pathname } = URL.parse(request.url ?? '/', allowed.url) ?? { pathname: '/' }
    await give(response, await answer({ login: identity.login, method, path: pathname, form }))
  }

  return createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      response.destroy()
      bug(error)
    })
  })
}

async function give(response: ServerResponse, answer: Answer): Promise<void> {
  switch (answer.kind) {
    case 'page':
      return send(response, answer.status, 'text/html', answer.page.text)
    case 'text':
      return send(response, 200, 'text/plain', answer.text)
    case 'see':
      response.setHeader('Location', answer.path)
      return send(response, 303, 'text/plain', '')
    case 'file':
      return send(response, 200, TYPES[answer.name], await readFile(join(import.meta.dirname, answer.name), 'utf8'))
    default:
      return unreachable(answer)
  }
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { ...HEADERS, 'Content-Type': `${type}; charset=utf-8` })
  response.end(body)
}

/** null: longer than any of ours. */
async function readForm(request: IncomingMessage): Promise<URLSearchParams | null> {
  const chunks: Buffer[] = []
  let length = 0
  // Left early, the connection must live on to carry the answer.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const bytes = Buffer.from(chunk)
    length += bytes.length
    if (length > MAX_FORM_BYTES)
      return null
    chunks.push(bytes)
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
}
