import type { Site, SiteAnswer } from './site.ts'
import { expect, test } from 'vitest'
import { answerOf, headersOf, REVALIDATE } from './site.ts'

const index = { file: 'index.html', type: 'text/html; charset=utf-8', etag: '"1"' }
const script = { file: 'assets/a.js', type: 'text/javascript; charset=utf-8', etag: '"2"' }
const site: Site = {
  files: { '/index.html': index, '/assets/a.js': script, '/api/file': script },
  headers: [
    { pattern: '^/.*$', headers: [['X-Frame-Options', 'DENY'], ['Vary', 'A']] },
    { pattern: '^/assets/.*$', headers: [['Cache-Control', 'immutable'], ['Vary', 'B']] },
  ],
  workerFirst: ['^/api/.*$', '^/mcp$'],
}
const worker: SiteAnswer = { kind: 'worker' }
const missing: SiteAnswer = { kind: 'missing' }
const page: SiteAnswer = { kind: 'file', file: index }

test.each<[string, string, string, string | null, SiteAnswer]>([
  ['the page', 'GET', '/', null, page],
  ['its head', 'HEAD', '/', null, page],
  ['a file', 'GET', '/assets/a.js', null, { kind: 'file', file: script }],
  ['a link into the app', 'GET', '/task/1', 'navigate', page],
  ['a missing file', 'GET', '/assets/old.js', 'no-cors', missing],
  ['a missing file that names no mode', 'GET', '/assets/old.js', null, missing],
  ['a path of the Worker, even where a file has its name', 'GET', '/api/file', 'navigate', worker],
  ['a path of the Worker with an end', 'GET', '/mcp', null, worker],
  ['another method', 'POST', '/', null, { kind: 'refused' }],
  ['a place in the app, asked by a program', 'GET', '/inbox', null, page],
  ['a page that a person navigates to, whatever its name', 'GET', '/a.b', 'navigate', page],
  ['the file of headers', 'GET', '/_headers', null, missing],
  ['the page by its file\'s name', 'GET', '/index.html', 'navigate', { kind: 'moved', to: '/' }],
  ['a name that every object has', 'GET', 'constructor', null, page],
])('%s', (_, method, path, mode, expected) => {
  expect(answerOf(site, { method, path, mode })).toEqual(expected)
})

test('rules add to each other and replace the default', () => {
  const ofScript = Object.fromEntries(headersOf(site, '/assets/a.js', REVALIDATE))
  expect(ofScript).toEqual({ 'cache-control': 'immutable', 'vary': 'A, B', 'x-frame-options': 'DENY' })
  const ofPage = Object.fromEntries(headersOf(site, '/', REVALIDATE))
  expect(ofPage).toEqual({ 'cache-control': 'public, max-age=0, must-revalidate', 'vary': 'A', 'x-frame-options': 'DENY' })
})
