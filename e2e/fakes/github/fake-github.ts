import type { Server } from 'node:http'
import type { CreatedApp } from './apps.ts'
import type { GitHubControls } from './controls.ts'
import type { Fault, FaultScope } from './faults.ts'
import type { Files } from './git/bare-repository.ts'
import type { Hub, Listener } from './hub.ts'
import type { RepositoryOptions } from './repositories.ts'
import type { Level, Repository } from './state.ts'
import type { Webhooks } from './webhooks/webhooks.ts'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { startActions } from './actions/actions.ts'
import { createApi } from './api.ts'
import { createApp } from './apps.ts'
import { createControls } from './controls.ts'
import { createFaults } from './faults.ts'
import { createGitRoutes } from './git-routes.ts'
import { createHtmlRoutes } from './html-routes.ts'
import { createHub } from './hub.ts'
import { installApp, uninstallApp } from './install-app.ts'
import { followPushes } from './pulls.ts'
import { createPushes } from './pushes.ts'
import { createRepositories } from './repositories.ts'
import { routes as allRoutes } from './routes.ts'
import { createState, user } from './state.ts'
import { createWebhooks } from './webhooks/webhooks.ts'

export interface GitHubOptions {
  /** By default a free one. */
  port?: number
  /** An address of this machine that all clients reach; clone URLs and links contain it. */
  host?: string
  now?: () => Date
  /** Lets a test of the fake itself replace a route. */
  routes?: typeof allRoutes
}

/** A fake GitHub over real repositories, with Actions that really run. Names are `owner/name`. */
export interface FakeGitHub extends GitHubControls {
  /** The base of the REST API; GraphQL is `${apiUrl}/graphql`. */
  apiUrl: string
  /** The base of clone URLs and pages. */
  serverUrl: string
  /** The token of an account with write access to every repository. */
  token: string
  /** Makes a repository with these files as its first commit, for which no workflow runs; without files it is empty. */
  seed: (name: string, files?: Files, options?: RepositoryOptions) => Promise<Repository>
  /** Makes a token with these levels, by repository; it cannot see other repositories. */
  createToken: (login: string, levels: Readonly<Record<string, Level>>) => string
  /** Registers an App, with a key pair of its own. */
  createApp: (slug: string) => CreatedApp
  /** Installs an App for repositories of one owner, or replaces that owner's installation. */
  install: (app: CreatedApp, repositories: readonly string[], options?: { permissions?: Record<string, string>, suspended?: boolean }) => void
  /** Removes all installations of an App. */
  uninstall: (app: CreatedApp) => void
  /** Begins a fault; returns a function that ends it. */
  fault: (fault: Fault, scope?: FaultScope) => () => void
  /** Returns a function that removes the listener. */
  on: (listener: Listener) => () => void
  /** Requests and responses that contradict GitHub's description, one sentence each. */
  readonly violations: readonly string[]
  readonly requests: Readonly<Hub['requests']>
  /** Resolves when no workflow run is in progress. */
  idle: () => Promise<void>
  /** Resolves at once when no workflow run is in progress, else at the next change of anything. */
  nextChange: () => Promise<void>
  /** Cancels a workflow run in progress and resolves when it has ended. */
  cancelRun: (run: number) => Promise<void>
  webhooks: Pick<Webhooks, 'add' | 'deliveries' | 'delivered'>
  close: () => Promise<void>
}

/** The fake's tokens look like GitHub's, so that redaction is tested too. */
const TOKEN = `ghp_${'fake'.padEnd(36, '0')}`

export async function startFakeGitHub({ port = 0, host = '127.0.0.1', now = () => new Date(), routes = allRoutes }: GitHubOptions = {}): Promise<FakeGitHub> {
  const root = await mkdtemp(join(tmpdir(), 'mainloop-github-'))
  const server = createServer()
  server.listen(port, host)
  await once(server, 'listening')
  const serverUrl = `http://${host}:${portOf(server)}`

  const state = createState()
  const violations: string[] = []
  const hub = createHub({ state, links: { server: serverUrl, api: `${serverUrl}/api` }, now, violations })
  state.accounts.set(TOKEN, { user: user(state, 'mainloop-fake'), levels: 'all' })
  const pushes = createPushes(hub)
  followPushes(hub)
  const actions = startActions(hub, join(root, 'actions'))
  const webhooks = createWebhooks(hub)
  const faults = createFaults(now)
  const repositories = createRepositories({ hub, root: join(root, 'repositories'), pushes })

  const app = new Hono()
    .use(faults.middleware)
    .route('/api', createApi({ hub, routes, pushes }))
    .route('/', createGitRoutes(hub, pushes))
    .route('/', createHtmlRoutes(hub, pushes))
  const listener = getRequestListener(app.fetch)
  server.on('request', (request, response) => void listener(request, response))

  return {
    apiUrl: hub.links.api,
    serverUrl,
    token: TOKEN,
    violations,
    seed: repositories.seed,
    createToken: repositories.createToken,
    createApp: slug => createApp(state, slug),
    install: (app, names, options = {}) => installApp(hub, app, names, options),
    uninstall: app => uninstallApp(hub, app),
    fault: faults.begin,
    on: hub.listen,
    idle: actions.idle,
    cancelRun: actions.cancel,
    nextChange: () => nextChange(hub, actions.idle),
    webhooks,
    requests: hub.requests,
    ...createControls(hub, pushes),
    async close() {
      await actions.close()
      await webhooks.close()
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
      await rm(root, { recursive: true, force: true })
    },
  }
}

async function nextChange(hub: Hub, idle: () => Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const unlisten = hub.listen(() => resolve())
  await Promise.race([idle(), promise])
  unlisten()
}

function portOf(server: Server): number {
  const address = server.address()
  if (typeof address !== 'object' || address === null)
    throw new Error('the fake does not listen on a port')
  return address.port
}
