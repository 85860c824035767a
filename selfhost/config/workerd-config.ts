import type { Site } from '../workers/site.ts'
import type { BuiltApp } from './built-app.ts'
import type { CapnpValue } from './capnp.ts'
import { CapnpEmbed, printCapnp } from './capnp.ts'
import { uniqueKeyOf } from './unique-keys.ts'

/** The paths of the app's parts, relative to the folder of the configuration. */
export const PATHS = { edge: 'edge', page: 'page', workers: 'workers' } as const

/** The Workers and bindings of our own that stand in for what Cloudflare has. */
export const WORKERS = ['front', 'outbound', 'attachments', 'rate-limit'] as const

/** The variables of the edge that have no value in wrangler.toml. An unset one is null. */
const EDGE_VARIABLES = [
  'SETUP_SECRET',
  'RUNNER_TOKEN',
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_BASE_URL',
  'HOSTS',
  'ACCESS_ISSUER',
  'ACCESS_AUDIENCE',
  'SUMMARY_MODEL',
  'PUSH_HOSTS',
] as const

/** The front's own variable: the networks of proxies whose `X-Forwarded-For` counts. */
const PROXIES = 'TRUSTED_PROXIES'

export interface AppParts {
  app: BuiltApp
  /** The Worker's modules, by their path from the folder of its main module. */
  modules: readonly string[]
  site: Site
}

/**
 * The configuration of workerd for the built Worker. Its paths on the volume and its addresses are not in it: the
 * start command gives them, and everything that is secret comes from the environment.
 */
export function workerdConfig({ app, modules, site }: AppParts): string {
  const config: CapnpValue = {
    services: [
      {
        name: 'front',
        worker: ownWorker(app, 'front', [
          { name: 'EDGE', service: 'edge' },
          { name: 'FILES', service: 'page' },
          { name: 'SITE', json: JSON.stringify(site) },
          fromEnvironment(PROXIES),
        ]),
      },
      { name: 'edge', worker: edgeWorker(app, modules) },
      {
        name: 'outbound',
        worker: ownWorker(app, 'outbound', [
          { name: 'INTERNET', service: 'internet' },
          { name: 'MODEL_HTTP', service: 'model-http' },
          { name: 'MODEL_HTTPS', service: 'model-https' },
          fromEnvironment('ANTHROPIC_BASE_URL'),
        ]),
      },
      { name: 'internet', network: { allow: ['public'], tlsOptions: TLS } },
      // The start command replaces both addresses when a model is configured. Until then nothing asks them.
      { name: 'model-http', external: { address: NOWHERE, http: {} } },
      // Without a name for the certificate workerd would speak plain HTTP there.
      { name: 'model-https', external: { address: NOWHERE, https: { tlsOptions: TLS, certificateHost: MODEL_HOST } } },
      { name: 'page', disk: {} },
      { name: 'objects', disk: { writable: true } },
      { name: 'files', disk: { writable: true } },
    ],
    sockets: [{ name: 'http', http: { forwardedProtoHeader: 'X-Forwarded-Proto' }, service: 'front' }],
    extensions: [{ modules: [ownModule('attachments'), ownModule('rate-limit')] }],
  }
  return `using Workerd = import "/workerd/workerd.capnp";\n\nconst config :Workerd.Config = ${printCapnp(config)};\n`
}

/** Every variable with its default, one a line, for the start command: `NAME=value`. */
export function variableDefaults({ vars }: BuiltApp): string {
  const withoutDefault = [...EDGE_VARIABLES, PROXIES].map(name => [name, ''] as const)
  return [...Object.entries(vars), ...withoutDefault].map(([name, value]) => {
    if (!/^[A-Z][A-Z0-9_]*$/.test(name) || /[\n\r]/.test(value))
      throw new Error(`The variable ${name} of wrangler.toml does not fit on a line.`)
    return `${name}=${value}\n`
  }).join('')
}

const NOWHERE = '127.0.0.1:1'

/** A file that the start command writes, in a folder that it names as a path for imports. */
const MODEL_HOST = new CapnpEmbed('/model-host')

const TLS = { trustBrowserCas: true }

function edgeWorker(app: BuiltApp, modules: readonly string[]): CapnpValue {
  const objects = app.durable_objects.bindings
  const ordered = [app.main, ...modules.filter(module => module !== app.main).toSorted()]
  return {
    modules: ordered.map(module => ({ name: module, esModule: new CapnpEmbed(`${PATHS.edge}/${module}`) })),
    compatibilityDate: app.compatibility_date,
    compatibilityFlags: app.compatibility_flags,
    globalOutbound: 'outbound',
    durableObjectNamespaces: objects.map(({ class_name: className }) => (
      { className, uniqueKey: uniqueKeyOf(className), enableSql: true }
    )),
    durableObjectStorage: { localDisk: 'objects' },
    bindings: [
      { name: app.assets.binding, service: 'front' },
      ...objects.map(object => ({ name: object.name, durableObjectNamespace: object.class_name })),
      ...app.r2_buckets.map(({ binding }) => wrapped(binding, 'attachments', [{ name: 'disk', service: 'files' }])),
      ...app.ratelimits.map(({ name, simple }) => wrapped(name, 'rate-limit', [
        { name: 'limit', json: String(simple.limit) },
        { name: 'period', json: String(simple.period) },
      ])),
      ...[...Object.keys(app.vars), ...EDGE_VARIABLES].map(fromEnvironment),
    ],
  }
}

function ownWorker(app: BuiltApp, name: typeof WORKERS[number], bindings: readonly CapnpValue[]): CapnpValue {
  return {
    modules: [{ name: `${name}.js`, esModule: new CapnpEmbed(`${PATHS.workers}/${name}.js`) }],
    compatibilityDate: app.compatibility_date,
    bindings,
  }
}

function ownModule(name: typeof WORKERS[number]): CapnpValue {
  return { name: moduleName(name), internal: true, esModule: new CapnpEmbed(`${PATHS.workers}/${name}.js`) }
}

function wrapped(binding: string, module: typeof WORKERS[number], innerBindings: readonly CapnpValue[]): CapnpValue {
  return { name: binding, wrapped: { moduleName: moduleName(module), innerBindings } }
}

function moduleName(name: string): string {
  return `mainloop:${name}`
}

function fromEnvironment(name: string): CapnpValue {
  return { name, fromEnvironment: name }
}
