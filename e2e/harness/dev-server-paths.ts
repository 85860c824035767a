import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')

/** Paths that answer our page or a program with content other than the page, without the repository's own path. */
const LISTED = [
  /^\/$/,
  /^\/(?:icons\/[\w.-]+|manifest\.webmanifest|_headers)$/,
  // The sources of the page, as Vite transforms them.
  /^\/[\w/-]+\.(?:css|ts|vue)$/,
  /^\/@vite\/client$/,
  /^\/@id\/__x00__(?:\/__uno\.css|plugin-vue:export-helper)$/,
  /^\/@fs\/shared\/[\w./-]+\.ts$/,
  /^\/@fs\/node_modules\/(?:\.vite\/deps\/[\w.@-]+\.js|vite\/dist\/client\/env\.mjs)$/,
  // Vite shows every module that it has loaded, so the Worker's too. They hold no more than the repository does.
  /^\/@fs\/edge\/[\w./-]+\.ts$/,
  // The Worker authenticates callers on its other paths.
  /^\/api\/health$/,
]

export function isListed(path: string): boolean {
  const name = path.replace(/\?.*/, '').replace(root, '')
  return LISTED.some(listed => listed.test(name))
}

/** Tools for developers that Vite, its plugins, Wrangler and Miniflare would serve. */
export const TOOL_PATHS = [
  '/cdn-cgi/explorer',
  '/cdn-cgi/explorer/api/workers/durable_objects/namespaces',
  '/cdn-cgi/explorer/api/workers/durable_objects/namespaces/mainloop-Mainloop/query',
  '/cdn-cgi/explorer/api/local/observability/query',
  '/cdn-cgi/local/explorer/api/workers/durable_objects/namespaces',
  '/cdn-cgi/local/r2/public/mainloop-attachments/x',
  '/cdn-cgi/local/r2/s3/mainloop-attachments',
  '/cdn-cgi/local/scheduled',
  '/cdn-cgi/local/email',
  '/cdn-cgi/local/platform-proxy',
  '/cdn-cgi/handler/scheduled',
  '/cdn-cgi/mf/scheduled',
  '/CDN-CGI/explorer',
  '/x/../cdn-cgi/explorer',
  '/x/%2e%2e/cdn-cgi/explorer',
  '//cdn-cgi/explorer',
  '/__cf_local/stream',
  '/__debug',
  '/__devtools/',
  '/__inspect/',
  '/__open-in-editor?file=package.json',
  '/__unocss/',
  '/__unocss-devtools/',
  '/__vite_plugin_cloudflare_init__',
]

/** Suffixes of a path that bypassed Vite's allow list of files in the past. */
export const BYPASSES = [
  '',
  '?raw',
  '?import&raw',
  '?raw??',
  '?import&raw??',
  '?url',
  '?import&url',
  '?url&inline',
  '?inline&import',
  '?.svg?import',
  '?.svg?.wasm?init',
  '#/@vite/client',
  '/',
  '%00',
]
