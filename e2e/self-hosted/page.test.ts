import type { Edge } from '../harness/edge.ts'
import type { RawRequest } from '../harness/raw-request.ts'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startEdge } from '../harness/edge.ts'
import { freePort } from '../harness/free-port.ts'
import { rawRequest } from '../harness/raw-request.ts'
import { startSelfHosted } from './start-self-hosted.ts'

/** Miniflare answers as Cloudflare does; the self-hosted edge has to answer the same. */
const stack = new AsyncDisposableStack()
let miniflare: Edge
let workerd: Edge
let script: string

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mainloop-page-'))
  stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  const vars = { SETUP_SECRET: 'a-secret', RUNNER_TOKEN: 'a-token' }
  miniflare = await startEdge({ home: 'miniflare', port: await freePort(), state: folder, vars, log: () => {} })
  stack.defer(miniflare.stop)
  workerd = stack.use(await startSelfHosted()).edge
  const page = await readFile('dist/client/index.html', 'utf8')
  script = /src="(\/assets\/[^"]+\.js)"/.exec(page)?.[1] ?? ''
})
afterAll(() => stack.disposeAsync())

/** `SCRIPT` stands for a script of the build, and `ETAG` for what the page's last answer named. */
test.each<[string, string, RawRequest?]>([
  ['the page', '/'],
  ['the page\'s head', '/', { method: 'HEAD' }],
  ['the page, which the browser has', '/', { headers: { 'If-None-Match': 'ETAG' } }],
  ['the page, of which the browser has another version', '/', { headers: { 'If-None-Match': '"other"' } }],
  ['the page by its file\'s name', '/index.html'],
  ['the page by its file\'s name, with a query', '/index?a=b'],
  ['a script', 'SCRIPT'],
  ['a picture', '/icons/icon-192.png'],
  ['a drawing', '/icons/icon.svg'],
  ['the manifest', '/manifest.webmanifest'],
  ['the service worker', '/service-worker.js'],
  ['a link into the app', '/inbox?x=1', { headers: { 'Sec-Fetch-Mode': 'navigate' } }],
  ['a folder', '/assets'],
  ['a folder with an end', '/assets/'],
  ['another method', '/', { method: 'POST' }],
  ['another method on a file', '/service-worker.js', { method: 'PUT' }],
  ['a path of the Worker', '/api/health'],
  ['a path of the Worker that a browser goes to', '/api/nothing', { headers: { 'Sec-Fetch-Mode': 'navigate' } }],
  ['a path of the Worker without an end', '/runner'],
  ['a foreign Host', '/api/health', { headers: { Host: 'rebound.example' } }],
])('%s is answered as on Cloudflare', async (_, path, given = {}) => {
  expect(await answer(workerd, path, given)).toEqual(await answer(miniflare, path, given))
})

test.each([
  ['a script of an older version', '/assets/old.js'],
  ['the file of headers', '/_headers'],
  ['a hidden file', '/.assetsignore'],
  ['a file above the folder', '/../mainloop/wrangler.json'],
  ['a file above the folder, in other letters', '/%2e%2e/mainloop/wrangler.json'],
  ['a file above the folder, twice encoded', '/%252e%252e/mainloop/wrangler.json'],
])('%s is missing, with the headers of every page', async (_, path) => {
  expect(await rawRequest(portOf(workerd), path)).toMatchObject({ status: 404, body: '', headers: { 'x-frame-options': 'DENY' } })
})

test('every file of the page has the headers of _headers', async () => {
  const { headers } = await rawRequest(portOf(workerd), script)
  expect(headers).toMatchObject({ 'x-frame-options': 'DENY', 'content-security-policy': expect.stringContaining('default-src \'none\'') })
})

/** The parts of a response that both homes must share; each home chooses its own ETags and dates. */
async function answer(edge: Edge, path: string, { headers = {}, ...given }: RawRequest) {
  const ask = (headers: RawRequest['headers']) =>
    rawRequest(portOf(edge), path.replace('SCRIPT', script), { ...given, headers: { Host: `localhost`, ...headers } })
  const ifNoneMatch = headers['If-None-Match'] === 'ETAG' ? { 'If-None-Match': (await ask({})).headers.etag } : {}
  const { status, headers: got, body } = await ask({ ...headers, ...ifNoneMatch })
  const { date, connection, 'keep-alive': keepAlive, 'transfer-encoding': encoding, 'content-length': length, 'cf-cache-status': cache, etag, ...rest } = got
  return { status, ...rest, tagged: etag !== undefined, body: createHash('sha256').update(body).digest('hex') }
}

function portOf({ url }: Edge): number {
  return Number(new URL(url).port)
}
