import type { BrowserContextOptions } from 'playwright-core'
import type { FakeModel } from '../fakes/model/fake-model.ts'
import type { Fakes } from '../fakes/start-fakes.ts'
import type { Device } from './device.ts'
import type { Edge } from './edge.ts'
import type { Log } from './log.ts'
import type { Runner } from './runner.ts'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newSecret } from '../../scripts/lib/settings.ts'
import { startFakes } from '../fakes/start-fakes.ts'
import { launchBrowser } from './browser.ts'
import { pairDevice } from './device.ts'
import { startEdge } from './edge.ts'
import { freePort } from './free-port.ts'
import { openLog } from './log.ts'
import { createRunner } from './runner.ts'

export interface System {
  fakes: Fakes
  model: FakeModel
  edge: Edge
  /** Not started yet, because some specs begin without a runner. */
  runner: Runner
  log: Log
  /** Pairs a new device. */
  device: (name: string, options?: BrowserContextOptions) => Promise<Device>
  /** Saves screenshots of all devices in the log's folder. */
  capture: (name: string) => Promise<void>
  setupSecret: string
  runnerToken: string
  close: () => Promise<void>
}

export interface SystemOptions {
  /** An address of this machine that runners and workers on other machines reach; by default loopback. */
  host?: string
  /** The speed of the model's streams; null, the default, sends them at once. */
  charactersPerSecond?: number | null
  /** Further environment variables of the runner. */
  runner?: Record<string, string>
}

/** Starts the real edge, runner and browser with the fakes; each spec file has its own. */
export async function startSystem(spec: string, { host, charactersPerSecond = null, runner: settings }: SystemOptions = {}): Promise<System> {
  const stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'mainloop-e2e-'))
  stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  const log = await openLog(spec)
  const fakes = await startFakes({ charactersPerSecond, ...(host !== undefined && { host }) })
  stack.defer(fakes.close)

  const setupSecret = newSecret()
  const runnerToken = newSecret()
  const edge = await startEdge({
    port: await freePort(),
    state: join(folder, 'state'),
    vars: { SETUP_SECRET: setupSecret, RUNNER_TOKEN: runnerToken, ANTHROPIC_API_KEY: 'fake-key', ANTHROPIC_BASE_URL: fakes.model.url },
    log: log.of('edge'),
    ...host !== undefined && { host },
  })
  stack.defer(edge.stop)
  const runner = createRunner(
    { ...fakes.runnerEnvironment, RUNNER_TOKEN: runnerToken, MAINLOOP_EDGE: edge.url, ...settings },
    join(folder, 'work'),
    log.of('runner'),
  )
  stack.defer(runner.stop)

  const browser = await launchBrowser()
  stack.defer(() => browser.close())
  const devices: Device[] = []

  return {
    fakes,
    model: fakes.model,
    edge,
    runner,
    log,
    setupSecret,
    runnerToken,
    async device(name, options) {
      const device = await pairDevice(browser, edge.url, setupSecret, name, options)
      devices.push(device)
      return device
    },
    async capture(name) {
      await Promise.all(devices.map(device => device.page.screenshot({ path: join(log.folder, `${name}-${device.name}.png`) })))
    },
    close: () => stack.disposeAsync(),
  }
}
