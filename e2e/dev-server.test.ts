import type { Buffer } from 'node:buffer'
import type { OutgoingHttpHeaders } from 'node:http'
import type { TestDevServer } from './harness/dev-server.ts'
import type { RawRequest, RawResponse } from './harness/raw-request.ts'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { glob, readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BROWSER_HOST, IPV6_LOOPBACK, LOOPBACK, NO_IPV6 } from '#shared/lib/local-hosts.ts'
import { must } from '#shared/lib/must.ts'
import { launchBrowser } from './harness/browser.ts'
import { BYPASSES, isListed, TOOL_PATHS } from './harness/dev-server-paths.ts'
import { startTestDevServer } from './harness/dev-server.ts'
import { pairDevice } from './harness/device.ts'
import { reachFromPage, startForeignServer } from './harness/foreign-server.ts'
import { listeningPorts } from './harness/listening-ports.ts'
import { rawRequest, rawUpgrade } from './harness/raw-request.ts'

const root = join(import.meta.dirname, '..')

/** Another server on this machine: browsers count it as the same site, and send it the cookies of its host name. */
const FOREIGN_ORIGIN = 'http://localhost:5999'

let server: TestDevServer
let cookie: string
/** Everything a browser loads for the page, by path. */
let page: Map<string, RawResponse>
/** Files that are not part of the page: stored data, secrets, the rest of the repository. */
let files: { file: string, content: Buffer }[]

beforeAll(async () => {
  server = await startTestDevServer(() => {})
  const paired = await ask('/api/pair', { method: 'POST', body: JSON.stringify({ secret: server.setupSecret, name: 'Laptop' }), headers: ownHeaders() })
  cookie = must(paired.headers['set-cookie']?.[0]?.split(';')[0], 'the cookie of a device')
  page = await loadPage()
  files = await privateFiles()
})
afterAll(() => server.stop())

const ask = (path: string, options?: RawRequest) => rawRequest(server.port, path, options)

/** The headers a browser sends for our own page. */
function ownHeaders() {
  const host = `${BROWSER_HOST}:${server.port}`
  return { Host: host, Origin: `http://${host}` }
}

async function loadPage(): Promise<Map<string, RawResponse>> {
  const answers = new Map<string, RawResponse>()
  for (let ahead = ['/']; ahead.length > 0;) {
    const fresh = await Promise.all(ahead.map(async path => [path, await ask(path, { headers: ownHeaders() })] as const))
    fresh.forEach(([path, answer]) => answers.set(path, answer))
    const found = fresh.flatMap(([, { body }]) =>
      [...body.matchAll(/(?:\bfrom |\bimport ?\(?|\bsrc=|\bhref=)"(\/[^"]+)"/g)].map(([, path]) => must(path, 'a path')),
    )
    ahead = [...new Set(found)].filter(path => !answers.has(path))
  }
  return answers
}

/** Vite adds a time to modules of the page that have changed since it started. */
function isPage({ body }: RawResponse): boolean {
  const [actual, expected] = [body, page.get('/')?.body].map(text => text?.replaceAll(/\?t=\d+/g, ''))
  return actual === expected
}

async function privateFiles() {
  const beside = (await readdir(server.folder, { recursive: true }))
    .filter(name => /mainloop-Mainloop\/[\da-f]+\.sqlite$|\.dev\.vars$/.test(name))
    .map(name => join(server.folder, name))
  expect(beside).toHaveLength(2)
  const inRepository = ['.dev.vars', '.env', '.git/HEAD', '.npmrc', 'package-lock.json', 'runner/main.ts', 'wrangler.toml']
    .map(name => join(root, name))
    .filter(existsSync)
  return await Promise.all([...beside, ...inRepository, '/etc/passwd'].map(async file => ({ file, content: await readFile(file) })))
}

describe('our own page', () => {
  test('loads completely, and from listed paths only', async () => {
    expect(page.size).toBeGreaterThan(100)
    expect([...page].filter(([, { status }]) => status !== 200).map(([path]) => path)).toEqual([])
    expect([...page.keys()].filter(path => !isListed(path))).toEqual([])
  })

  test('works under the host name that browsers are sent to', async () => {
    expect((await ask('/api/session', { headers: { ...ownHeaders(), Cookie: cookie } })).status).toBe(200)
    expect(await rawUpgrade(server.port, '/api/live?protocol=1', { headers: { ...ownHeaders(), Cookie: cookie } })).toBe('open')
  })

  test('is the only one on its port, whichever loopback address a browser tries first', async () => {
    for (const host of [LOOPBACK, IPV6_LOOPBACK]) {
      const [error] = await once(createServer().listen({ port: server.port, host }), 'error')
      expect(['EADDRINUSE', ...host === IPV6_LOOPBACK ? NO_IPV6 : []]).toContain(error.code)
    }
  })

  test('cannot be framed by another page', async () => {
    expect(page.get('/')?.headers).toMatchObject({
      'x-frame-options': 'DENY',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    })
  })
})

describe('another page', () => {
  const foreignRequests: [string, OutgoingHttpHeaders][] = [
    ['on another port', { 'Origin': FOREIGN_ORIGIN, 'Sec-Fetch-Site': 'same-site' }],
    ['on another port, in an old browser', { Origin: FOREIGN_ORIGIN }],
    ['on another site', { Origin: 'https://evil.example' }],
    ['without an origin of its own', { Origin: 'null' }],
    ['that loads it as a script', { 'Sec-Fetch-Site': 'same-site', 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'script' }],
    ['that shows it in a frame', { 'Sec-Fetch-Site': 'same-site', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'iframe' }],
    ['under a name that was pointed here', { Host: 'evil.example', Origin: 'http://evil.example' }],
  ]

  test.each(foreignRequests)('%s is refused on every path', async (_, headers) => {
    const paths = [...TOOL_PATHS, ...page.keys(), ...files.map(({ file }) => `/@fs${file}`), '/api/health', '/api/session', '/api/pull', '/mcp', '/runner']
    const answers = await Promise.all(paths.map(path => ask(path, { headers: { ...headers, Cookie: cookie } })))
    expect(paths.filter((_, index) => answers[index]?.status !== 403)).toEqual([])
    expect(answers.flatMap(crossOriginHeaders)).toEqual([])
  })

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/json'])(
    'cannot post %s, and no preflight allows it',
    async (type) => {
      const headers = { 'Origin': FOREIGN_ORIGIN, 'Content-Type': type, 'Cookie': cookie }
      for (const path of [...TOOL_PATHS, '/', '/@vite/client', '/@unocss-devtools-update', '/api/pair', '/api/push', '/api/erase']) {
        const posted = await ask(path, { method: 'POST', headers, body: '{}' })
        const preflight = await ask(path, {
          method: 'OPTIONS',
          headers: { ...headers, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'content-type' },
        })
        expect([path, posted.status, preflight.status]).toEqual([path, 403, 403])
        expect([posted, preflight].flatMap(crossOriginHeaders)).toEqual([])
      }
    },
  )

  test('may link to the page, which then opens in a tab of its own', async () => {
    const link = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' }
    expect(isPage(await ask('/', { headers: link }))).toBe(true)
    expect((await ask('/__open-in-editor?file=package.json', { headers: link })).status).toBe(403)
  })
})

test('in Chromium, a page on another port gets no cookie of ours and reaches nothing', async () => {
  const browser = await launchBrowser()
  const foreign = await startForeignServer()
  try {
    const device = await pairDevice(browser, ownHeaders().Origin, server.setupSecret, 'Laptop')
    const other = await device.page.context().newPage()
    await other.goto(`http://localhost:${foreign.port}/`)
    // The cookie must not go to the other port under our host name either.
    await other.evaluate(url => fetch(url, { mode: 'no-cors', credentials: 'include' }), `http://${BROWSER_HOST}:${foreign.port}/`)
    expect([...new Set(foreign.cookies)]).toEqual([''])
    expect(await other.evaluate(reachFromPage, [BROWSER_HOST, 'localhost', LOOPBACK].map(host => `${host}:${server.port}`))).toEqual([])
    expect(device.errors).toEqual([])
  }
  finally {
    await browser.close()
    foreign.close()
  }
})

describe('a program of this machine', () => {
  test('is refused on the path of every tool', async () => {
    for (const path of TOOL_PATHS) {
      for (const method of ['GET', 'POST'])
        expect([path, (await ask(path, { method })).status]).toEqual([path, 403])
    }
  })

  test('gets content from listed paths only, and the page for unknown ones', async () => {
    const sources = await Array.fromAsync(glob('{.github,docs,edge,k8s,runner,scripts}/**/*.{md,ts,yaml,yml}', { cwd: root }))
    const paths = ['/_headers', '/api/health', '/api/session', '/mcp', '/runner', ...sources.map(name => `/@fs${root}/${name}`)]
    const answers = await Promise.all(paths.map(path => ask(path)))
    expect(paths.filter((path, index) => answers[index]?.status === 200 && !isPage(answers[index]) && !isListed(path))).toEqual([])

    for (const path of ['/nothing', '/.env', '/.dev.vars', '/.mainloop/state', '/wrangler.toml', '/package.json', '/node_modules/vue/package.json'])
      expect([path, isPage(await ask(path))]).toEqual([path, true])
  })

  test('gets no file that is not part of the page', async () => {
    for (const { file, content } of files) {
      const below = relative(join(root, 'client'), file)
      const disguised = [`/@fs${file}`, file].flatMap(path => BYPASSES.map(suffix => path + suffix))
      const indirect = [
        `/@id/${file}?raw`,
        ...[below, below.replaceAll('/', '%2f')].flatMap(path => [`/@fs${root}/client/${path}?raw`, `/${path}`, `/${path}?raw`]),
      ]
      const answers = await Promise.all([...disguised, ...indirect].map(path => ask(path)))
      // Vite may send a file as it is, as a string in a module, or as a data URL.
      const forms = [content.toString().slice(0, 15), JSON.stringify(content.toString().slice(0, 15)).slice(1, -1), content.toString('base64').slice(0, 20)]
      expect(answers.filter(({ body }) => forms.some(form => body.includes(form))).map(({ body }) => [file, body.slice(0, 200)])).toEqual([])
    }
  })
})

function crossOriginHeaders({ headers }: RawResponse): string[] {
  return Object.keys(headers).filter(name => name.startsWith('access-control-'))
}

describe('a socket', () => {
  test.each([
    ['hot reload\'s, from another page', '/', 'vite-hmr', { Origin: FOREIGN_ORIGIN }],
    ['hot reload\'s, from our page without its token', '/', 'vite-hmr', 'own'],
    ['hot reload\'s, under another name', '/', 'vite-hmr', { Host: 'evil.example' }],
    ['hot reload\'s ping, from another page', '/', 'vite-ping', { Origin: FOREIGN_ORIGIN }],
    ['a device\'s, from another page', '/api/live?protocol=1', undefined, { Origin: FOREIGN_ORIGIN }],
    ['a device\'s, from nowhere', '/api/live?protocol=1', undefined, {}],
    ['a runner\'s, from another page', '/runner', undefined, { Origin: FOREIGN_ORIGIN }],
    ['a runner\'s, without a token', '/runner', undefined, {}],
    ['the explorer\'s', '/cdn-cgi/explorer', undefined, {}],
    ['the inspector\'s', '/__debug', undefined, {}],
    ['the inspector\'s of styles', '/__unocss/', undefined, {}],
  ] as const)('is refused: %s', async (_, path, protocol, headers) => {
    expect(await rawUpgrade(server.port, path, { protocol, headers: { Cookie: cookie, ...headers === 'own' ? ownHeaders() : headers } })).toBe('refused')
  })

  test('opens for hot reload with the token that only our page can read, and for a program without an origin', async () => {
    const token = must(/wsToken = "([\w-]+)"/.exec((await ask('/@vite/client')).body)?.[1], 'the token of hot reload')
    expect(await rawUpgrade(server.port, `/?token=${token}`, { protocol: 'vite-hmr', headers: ownHeaders() })).toBe('open')
    expect(await rawUpgrade(server.port, '/', { protocol: 'vite-hmr' })).toBe('open')
  })
})

describe('the other ports of the server\'s processes', () => {
  test('let no page read anything and admit no debugger', async () => {
    const ports = (await listeningPorts(server.group)).filter(port => port !== server.port)
    expect(ports.length).toBeGreaterThan(0)
    for (const port of ports) {
      for (const path of [
        '/',
        '/json',
        '/json/list',
        '/api/session',
        '/cdn-cgi/local/explorer/api/workers/durable_objects/namespaces',
        '/cdn-cgi/local/platform-proxy',
        '/cdn-cgi/local/r2/s3/mainloop-attachments?list-type=2',
      ])
        expect([path, await readable(port, path)]).toEqual([path, false])
      for (const path of ['/', '/mainloop', '/core:user:mainloop', '/api/live?protocol=1', '/runner'])
        expect([path, await rawUpgrade(port, path, { headers: { Origin: FOREIGN_ORIGIN, Cookie: cookie } })]).toEqual([path, 'refused'])
    }
  })
})

/** Whether a page on another port could read the answer. */
async function readable(port: number, path: string): Promise<boolean> {
  try {
    return crossOriginHeaders(await rawRequest(port, path, { headers: { Origin: FOREIGN_ORIGIN, Cookie: cookie } })).length > 0
  }
  catch (error) {
    // A server of another protocol closes the connection, or its answer is no HTTP.
    if (error instanceof Error && 'code' in error && (error.code === 'ECONNRESET' || String(error.code).startsWith('HPE_')))
      return false
    throw error
  }
}
