import type { Network } from './networks.ts'
import type { Site, SiteFile } from './site.ts'
import { clientAddress } from './client-address.ts'
import { parseNetworks } from './networks.ts'
import { answerOf, headersOf, REVALIDATE } from './site.ts'

interface Env {
  /** The Worker that is also deployed to Cloudflare. */
  EDGE: Fetcher
  /** The folder of the page. */
  FILES: Fetcher
  SITE: Site
  TRUSTED_PROXIES: string | null
}

/** Does on workerd what Cloudflare does in front of a Worker: serves the page, and names the client's address. */
export default {
  async fetch(request, env) {
    const url = new URL(request.url)
    const mode = request.headers.get('Sec-Fetch-Mode')
    const answer = answerOf(env.SITE, { method: request.method, path: url.pathname, mode })
    switch (answer.kind) {
      case 'worker': return env.EDGE.fetch(withClientAddress(request, trusted(env)))
      case 'moved': return move(url, env.SITE, answer.to)
      case 'missing': return refuse(url, env.SITE, 404)
      case 'refused': return refuse(url, env.SITE, 405)
      case 'file': return serve(request, env, answer.file, url.pathname)
    }
  },
} satisfies ExportedHandler<Env>

let proxies: Network[] | undefined

function trusted({ TRUSTED_PROXIES }: Env): Network[] {
  return proxies ??= parseNetworks(TRUSTED_PROXIES ?? '')
}

function withClientAddress(request: Request, proxies: readonly Network[]): Request {
  const headers = new Headers(request.headers)
  const cf = request.cf as { clientIp?: string } | undefined
  const address = clientAddress({ peer: cf?.clientIp, forwardedFor: headers.get('X-Forwarded-For') }, proxies)
  // Cloudflare sets it, so the edge believes it, and here anybody could have sent it.
  headers.delete('CF-Connecting-IP')
  if (address !== null)
    headers.set('CF-Connecting-IP', address)
  return new Request(request, { headers })
}

function move({ pathname, search }: URL, site: Site, to: string): Response {
  return new Response(null, { status: 307, headers: headersOf(site, pathname, { Location: to + search }) })
}

function refuse({ pathname }: URL, site: Site, status: 404 | 405): Response {
  return new Response(null, { status, headers: headersOf(site, pathname) })
}

async function serve(request: Request, env: Env, { file, type, etag }: SiteFile, path: string): Promise<Response> {
  const headers = headersOf(env.SITE, path, REVALIDATE)
  headers.set('ETag', etag)
  headers.set('Content-Type', type)
  if (request.headers.get('If-None-Match')?.split(',').some(tag => tag.trim().replace(/^W\//, '') === etag))
    return new Response(null, { status: 304, headers })
  const found = await env.FILES.fetch(`http://files/${file}`, { method: request.method })
  if (!found.ok)
    throw new Error(`The file ${file} of the page is missing.`)
  return new Response(found.body, { headers })
}
