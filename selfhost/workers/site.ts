/** One file of the page. */
export interface SiteFile {
  /** Its path in the folder of the page. */
  file: string
  type: string
  etag: string
}

/** The page as the build found it; a file that is not listed is not served, whatever is in the folder. */
export interface Site {
  /** By path: `/assets/index.js`. */
  files: Readonly<Record<string, SiteFile>>
  /** Headers by the pattern of a path, from `_headers`. */
  headers: readonly { pattern: string, headers: readonly (readonly [name: string, value: string])[] }[]
  /** Patterns of the paths that the Worker answers. */
  workerFirst: readonly string[]
}

export interface SiteRequest {
  method: string
  path: string
  /** `Sec-Fetch-Mode`, which browsers send. */
  mode: string | null
}

export type SiteAnswer
  = | { kind: 'file', file: SiteFile }
    | { kind: 'moved', to: string }
    | { kind: 'missing' }
    | { kind: 'refused' }
    | { kind: 'worker' }

/** Decides who answers, as Cloudflare does for a single-page application with a Worker; but see `isMissing`. */
export function answerOf(site: Site, { method, path, mode }: SiteRequest): SiteAnswer {
  if (site.workerFirst.some(pattern => new RegExp(pattern, 's').test(path)))
    return { kind: 'worker' }
  if (method !== 'GET' && method !== 'HEAD')
    return { kind: 'refused' }
  if (path === '/index.html' || path === '/index')
    return { kind: 'moved', to: '/' }
  const found = Object.hasOwn(site.files, path) ? site.files[path] : undefined
  const file = found ?? (isMissing(path, mode) ? undefined : site.files['/index.html'])
  return file === undefined ? { kind: 'missing' } : { kind: 'file', file }
}

/**
 * Any path without a file is a place in the app, except one that names a file and that nobody navigates to. Cloudflare
 * serves the page even there, so that a script of an older version is a page that cannot be run.
 */
function isMissing(path: string, mode: string | null): boolean {
  return mode !== 'navigate' && (/\.\w+$/.test(path) || path === '/_headers')
}

/** A browser asks for a file again each time, and the ETag makes that cheap. */
export const REVALIDATE = { 'Cache-Control': 'public, max-age=0, must-revalidate' }

/** The headers of `_headers` for this path, over those that are given. */
export function headersOf(site: Site, path: string, given: Record<string, string> = {}): Headers {
  const headers = new Headers(given)
  const set = new Set<string>()
  const rules = site.headers.filter(rule => new RegExp(rule.pattern, 's').test(path))
  for (const [name, value] of rules.flatMap(rule => rule.headers)) {
    // Rules add to each other, and replace what was given.
    headers[set.has(name.toLowerCase()) ? 'append' : 'set'](name, value)
    set.add(name.toLowerCase())
  }
  return headers
}
