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
  /** Logs a refused request. */
  refused: (why: string) => void
  /** Logs a failure that the code should have prevented; the request is lost. */
  bug: (error: unknown) => void
}

/** The page's own forms have one field with one word. */
const MAX_FORM_BYTES = 1_000

const CONTENT_SECURITY_POLICY = [
  'default-src \'none\'',
  'script-src \'self\'',
  'style-src \'self\'',
  'connect-src \'self\'',
  'form-action \'self\'',
  'base-uri \'none\'',
  'frame-ancestors \'none\'',
].join('; ')

const HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  // With `no-referrer` browsers would send no Origin with the page's own forms.
  'Referrer-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
}

const TYPES = { 'style.css': 'text/css', 'watch.js': 'text/javascript' }

/** Serves the pairing page for the tailnet. It must listen on loopback only, as `tailscale-identity.ts` explains. */
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
    await sendAnswer(response, await answer({ login: identity.login, method, path: pathname, form }))
  }

  return createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      response.destroy()
      bug(error)
    })
  })
}

async function sendAnswer(response: ServerResponse, answer: Answer): Promise<void> {
  switch (answer.kind) {
    case 'page':
      return send(response, answer.status, 'text/html', answer.page.text)
    case 'text':
      return send(response, 200, 'text/plain', answer.text)
    case 'redirect':
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

/** Returns null for a form that is too long. */
async function readForm(request: IncomingMessage): Promise<URLSearchParams | null> {
  const chunks: Buffer[] = []
  let length = 0
  // The connection has to survive an early end of this loop, because it carries the answer.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const bytes = Buffer.from(chunk)
    length += bytes.length
    if (length > MAX_FORM_BYTES)
      return null
    chunks.push(bytes)
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
}
