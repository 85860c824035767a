import type { BuiltApp } from './built-app.ts'
import { expect, test } from 'vitest'
import { UNIQUE_KEYS } from './unique-keys.ts'
import { variableDefaults, workerdConfig } from './workerd-config.ts'

const app: BuiltApp = {
  name: 'mainloop',
  main: 'index.js',
  compatibility_date: '2026-10-01',
  compatibility_flags: ['nodejs_compat'],
  vars: { MODEL: 'a-model', EPOCH: '1' },
  assets: { binding: 'ASSETS', directory: '../client', not_found_handling: 'single-page-application', run_worker_first: ['/api/*'] },
  durable_objects: { bindings: [{ name: 'MAINLOOP', class_name: 'Mainloop' }, { name: 'PAIRING_REGISTRY', class_name: 'PairingRegistry' }] },
  r2_buckets: [{ binding: 'ATTACHMENTS', bucket_name: 'mainloop-attachments' }],
  ratelimits: [{ name: 'WRONG_TOKENS', namespace_id: '1', simple: { limit: 100, period: 60 } }],
}
const site = { files: {}, headers: [], workerFirst: [] }
const flat = (given = app) => workerdConfig({ app: given, modules: ['assets/b.js', 'index.js', 'assets/a.js'], site }).replaceAll(/\s+/g, ' ')

test('a unique key is never changed: every person would start with nothing', () => {
  expect(UNIQUE_KEYS).toEqual({ Mainloop: 'mainloop-Mainloop', PairingRegistry: 'mainloop-PairingRegistry' })
  expect(flat()).toContain('className = "Mainloop", uniqueKey = "mainloop-Mainloop", enableSql = true')
  expect(flat()).toContain('className = "PairingRegistry", uniqueKey = "mainloop-PairingRegistry", enableSql = true')
})

test('a class without a key is refused', () => {
  const renamed = { ...app, durable_objects: { bindings: [{ name: 'MAINLOOP', class_name: 'Other' }] } }
  expect(() => flat(renamed)).toThrow('missing: the unique key of the class Other')
})

test('the main module comes first', () => {
  const modules = [...flat().matchAll(/embed "edge\/([^"]+)"/g)].map(([, path]) => path)
  expect(modules).toEqual(['index.js', 'assets/a.js', 'assets/b.js'])
})

test('objects are on disk, and attachments and rate limits are wrapped bindings', () => {
  expect(flat()).toContain('durableObjectStorage = ( localDisk = "objects" )')
  expect(flat()).toContain('name = "ATTACHMENTS", wrapped = ( moduleName = "mainloop:attachments", innerBindings = [ ( name = "disk", service = "files" ) ] )')
  expect(flat()).toContain('name = "WRONG_TOKENS", wrapped = ( moduleName = "mainloop:rate-limit", innerBindings = [ '
    + '( name = "limit", json = "100" ), ( name = "period", json = "60" ) ] )')
})

test('every request of the edge goes to the outbound Worker, and from there to public networks or the model', () => {
  expect(flat()).toContain('globalOutbound = "outbound"')
  expect([...flat().matchAll(/allow = \[([^\]]*)\]/g)].map(([, allowed = '']) => allowed.trim())).toEqual(['"public"'])
})

test('the model over https has a certificate for its name: without a name it would be asked in plain text', () => {
  expect(flat()).toContain('https = ( tlsOptions = ( trustBrowserCas = true ), certificateHost = embed "/model-host" )')
})

test('no value of a variable is in the configuration', () => {
  expect(flat()).not.toContain('a-model')
  for (const name of ['MODEL', 'EPOCH', 'SETUP_SECRET', 'RUNNER_TOKEN', 'ANTHROPIC_API_KEY', 'HOSTS'])
    expect(flat()).toContain(`name = "${name}", fromEnvironment = "${name}"`)
})

test('the defaults are those of wrangler.toml, and other variables have none', () => {
  const lines = variableDefaults(app).split('\n')
  expect(lines.slice(0, 4)).toEqual(['MODEL=a-model', 'EPOCH=1', 'SETUP_SECRET=', 'RUNNER_TOKEN='])
  expect(lines).toContain('TRUSTED_PROXIES=')
  expect(() => variableDefaults({ ...app, vars: { MODEL: 'two\nlines' } })).toThrow('MODEL of wrangler.toml does not fit on a line')
})
