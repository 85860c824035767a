import type { IncomingHttpHeaders, IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Plugin, PreviewServer, ViteDevServer } from 'vite'
import { LOCAL_HOSTS } from '#shared/lib/local-hosts.ts'

/** The tools of Vite, its plugins and Miniflare can read and write the storage, start programs or show sources. */
const TOOLS = /^\/(?:cdn-cgi|__)/i

/** The values of `Sec-Fetch-Site` for the page itself and for the address bar. */
const OWN_SITES = new Set(['same-origin', 'none'])

/**
 * Refuses requests of pages of other origins to the development server, and all requests to its tools. Browsers
 * count a page on another port of this machine as the same site, so cookies do not keep it out. This plugin must be
 * the first one, because a plugin may answer a request as soon as it sees it.
 */
export function ownPageOnly(): Plugin {
  return {
    name: 'mainloop:own-page-only',
    enforce: 'pre',
    configureServer: guard,
    configurePreviewServer: guard,
  }
}

function guard(server: ViteDevServer | PreviewServer): () => void {
  server.middlewares.use((request, response, next) => {
    if (isAllowed(request))
      return next()
    response.writeHead(403, { 'Content-Type': 'text/plain', 'Cross-Origin-Resource-Policy': 'same-origin' })
    response.end('The development server answers only mainloop\'s own page and programs on this machine, '
      + 'and has its tools turned off.\n')
  })
  // Vite calls this after all plugins have added their listeners. One listener cannot stop the others, so this one
  // calls them.
  return () => guardUpgrades(server.httpServer as Server | null)
}

function guardUpgrades(server: Server | null): void {
  const listeners = server?.listeners('upgrade') ?? []
  server?.removeAllListeners('upgrade')
  server?.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (isAllowed(request))
      listeners.forEach(listener => listener.call(server, request, socket, head))
    else
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
  })
}

export function isAllowed({ method, url = '', headers }: Pick<IncomingMessage, 'method' | 'url' | 'headers'>): boolean {
  const own = URL.parse(`http://${headers.host}`)
  if (!own || !LOCAL_HOSTS.includes(own.hostname) || !isNormalised(url) || TOOLS.test(url))
    return false
  if (headers.origin !== undefined)
    return headers.origin === own.origin
  // Programs and old browsers send neither header. Such a browser can load a module, but no page can read it.
  const site = String(headers['sec-fetch-site'] ?? 'none')
  return OWN_SITES.has(site) || (method === 'GET' && opensTab(headers))
}

/** Another program may read a path that is not normalised (`/x/../cdn-cgi`, `//host`) as another path. */
function isNormalised(url: string): boolean {
  const parsed = URL.parse(url, 'http://localhost')
  return parsed?.origin === 'http://localhost' && parsed.pathname === url.replace(/[?#].*/s, '')
}

/** A link on another site may open the page in a tab, because that site cannot see into it. */
function opensTab(headers: IncomingHttpHeaders): boolean {
  return headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
}
