import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LOOPBACK } from '#shared/lib/local-hosts.ts'
import { startDevServer } from '../../scripts/lib/dev-server.ts'
import { isUp } from '../../scripts/lib/is-up.ts'
import { rejectOnExit } from '../../scripts/lib/start-process.ts'
import { waitUntil } from '../../scripts/lib/wait-until.ts'
import { freePort } from './free-port.ts'

const SETUP_SECRET = 'setup-secret-of-a-dev-server'
const RUNNER_TOKEN = 'runner-token-of-a-dev-server'

const root = join(import.meta.dirname, '..', '..')

export interface TestDevServer {
  port: number
  /** The process group of the server and its children. */
  group: number
  /** The folder of its storage and secrets, apart from those of a person's own server. */
  folder: string
  setupSecret: string
  stop: () => Promise<void>
}

/** Starts the server of `make dev` on a port and with storage of its own. */
export async function startTestDevServer(log: (line: string) => void): Promise<TestDevServer> {
  await mkdir(join(root, '.mainloop'), { recursive: true })
  const folder = await mkdtemp(join(root, '.mainloop', 'dev-server-'))
  const config = join(folder, 'wrangler.toml')
  await writeFile(config, (await readFile(join(root, 'wrangler.toml'), 'utf8')).replace('"edge/main.ts"', JSON.stringify(join(root, 'edge', 'main.ts'))))
  await writeFile(join(folder, '.dev.vars'), `SETUP_SECRET="${SETUP_SECRET}"\nRUNNER_TOKEN="${RUNNER_TOKEN}"\n`)

  const port = await freePort()
  const server = startDevServer({ port, env: { MAINLOOP_STATE: join(folder, 'state'), MAINLOOP_WRANGLER_CONFIG: config }, onLine: log })
  async function stop() {
    await server.stop()
    await rm(folder, { recursive: true })
  }
  const startup = new AbortController()
  try {
    await Promise.race([
      waitUntil('the development server to answer', () => isUp(`http://${LOOPBACK}:${port}/api/health`), { signal: startup.signal }),
      rejectOnExit('The development server', server),
    ])
  }
  catch (error) {
    await stop()
    throw error
  }
  finally {
    startup.abort()
  }
  return { port, group: server.pid, folder, setupSecret: SETUP_SECRET, stop }
}
