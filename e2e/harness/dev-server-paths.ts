import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')

/** Every path that answers our page or a program with more than the page itself, without the address of the repository. */
const ANSWERS = [
  /^\/$/,
  /^\/(?:icons\/[\w.-]+|manifest\.webmanifest|_headers)$/,
  // The sources of the page, and what it is built from.
  /^\/[\w/-]+\.(?:css|ts|vue)$/,
  /^\/@vite\/client$/,
  /^\/@id\/__x00__(?:\/__uno\.css|plugin-vue:export-helper)$/,
  /^\/@fs\/shared\/[\w./-]+\.ts$/,
  /^\/@fs\/node_modules\/(?:\.vite\/deps\/[\w.@-]+\.js|vite\/dist\/client\/env\.mjs)$/,
  // Vite shows every module that it has loaded, so the Worker's too. They hold no more than the repository does.
  /^\/@fs\/edge\/[\w./-]+\.ts$/,
  // The Worker asks who it is; everybody may know that it is up.
  /^\/api\/health$/,
]

export function isListed(path: string): boolean {
  const name = path.replace(/\?.*/, '').replace(root, '')
  return ANSWERS.some(answer => answer.test(name))
}

/** The tools that Vite, its plugins, Wrangler and Miniflare bring along. */
export const TOOLS = [
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

/** Ways around Vite's list of files that were found in the past. */
export const DISGUISES = [
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
