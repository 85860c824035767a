import { expect, test } from 'vitest'
import { isAllowed } from './own-page-only.ts'

const HOST = 'mainloop.localhost:3000'
const OWN = `http://${HOST}`
const DOCUMENT = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }

test.each<[string, Parameters<typeof isAllowed>[0], boolean]>([
  ['our own page', { url: '/main.ts', headers: { 'host': HOST, 'origin': OWN, 'sec-fetch-site': 'same-origin' } }, true],
  ['our own page without an Origin header', { url: '/main.ts', headers: { 'host': HOST, 'sec-fetch-site': 'same-origin' } }, true],
  ['the address bar', { url: '/', headers: { 'host': HOST, 'sec-fetch-site': 'none', ...DOCUMENT } }, true],
  ['a program', { method: 'POST', url: '/api/pull', headers: { host: '127.0.0.1:3000' } }, true],
  ['a program over IPv6', { url: '/', headers: { host: '[::1]:3000' } }, true],
  ['a link on another site', { url: '/', headers: { 'host': HOST, 'sec-fetch-site': 'cross-site', ...DOCUMENT } }, true],
  ['a form on another site', { method: 'POST', url: '/', headers: { 'host': HOST, 'sec-fetch-site': 'cross-site', ...DOCUMENT } }, false],
  ['a frame on another site', { url: '/', headers: { 'host': HOST, 'sec-fetch-site': 'cross-site', ...DOCUMENT, 'sec-fetch-dest': 'iframe' } }, false],
  ['a script on another port', { url: '/main.ts', headers: { 'host': 'localhost:3000', 'sec-fetch-site': 'same-site', 'sec-fetch-dest': 'script' } }, false],
  ['a page on another port', { url: '/main.ts', headers: { host: 'localhost:3000', origin: 'http://localhost:5999' } }, false],
  ['a page under another local name', { url: '/main.ts', headers: { host: HOST, origin: 'http://localhost:3000' } }, false],
  ['a page with an opaque origin', { url: '/', headers: { host: HOST, origin: 'null' } }, false],
  ['a page over https', { url: '/', headers: { host: HOST, origin: `https://${HOST}` } }, false],
  ['a foreign name that resolves to this machine', { url: '/', headers: { host: 'evil.example:3000', origin: 'http://evil.example:3000' } }, false],
  ['a subdomain of localhost that is not ours', { url: '/', headers: { host: 'evil.localhost:3000' } }, false],
  ['no name', { url: '/', headers: {} }, false],
])('%s', (_, request, allowed) => {
  expect(isAllowed({ method: 'GET', ...request })).toBe(allowed)
})

test.each([
  '/cdn-cgi/explorer',
  '/CDN-CGI/local/explorer/api',
  '/x/../cdn-cgi/local/r2/public/mainloop-attachments/x',
  '/x/%2e%2e/cdn-cgi/explorer',
  '/x\\..\\cdn-cgi/explorer',
  '//cdn-cgi/explorer',
  'http://localhost:3000/cdn-cgi/explorer',
  '/__debug',
  '/__open-in-editor?file=package.json',
  '/__inspect/',
  '',
])('%s is always refused', (url) => {
  expect(isAllowed({ method: 'GET', url, headers: { 'host': HOST, 'origin': OWN, 'sec-fetch-site': 'same-origin' } })).toBe(false)
})

test.each(['/@id/__x00__/__uno.css?t=1', '/@fs/home/ada/shared/a%20file.ts?v=1', '/@id/__x00__plugin-vue:export-helper'])('%s is part of the page', (url) => {
  expect(isAllowed({ method: 'GET', url, headers: { host: HOST } })).toBe(true)
})
