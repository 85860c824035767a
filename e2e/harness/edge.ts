import type { ProcessSpec, RunningProcess } from '../../scripts/lib/start-process.ts'
import type { ServedEdge } from './served-edge.ts'
import { join } from 'node:path'
import process from 'node:process'
import { isUp } from '../../scripts/lib/is-up.ts'
import { rejectOnExit, startProcess } from '../../scripts/lib/start-process.ts'
import { waitUntil } from '../../scripts/lib/wait-until.ts'
import { selfHostedProgram } from './self-hosted.ts'

const PROGRAM = join(import.meta.dirname, 'serve-edge.ts')

type Home = 'miniflare' | 'workerd'

export interface EdgeOptions {
  port: number
  /** The folder of the Durable Objects' SQLite files; an edge that is started again with it has the same data. */
  state: string
  /** The Worker's variables and secrets. */
  vars: Record<string, string>
  log: (line: string) => void
  /** An address of this machine that it listens on besides loopback. */
  host?: string
  /** The folder of the built app. */
  build?: string
  /** Miniflare, as in development, or the command of the edge's image. */
  home?: Home
}

export interface Edge {
  url: string
  /** Of the group of its processes. */
  pid: () => number
  /** Ends workerd and its parent with SIGKILL, like a machine that loses power. */
  kill: () => Promise<void>
  start: () => Promise<void>
  stop: () => Promise<void>
}

/** Starts workerd with the built Worker and page, and waits until they respond. `MAINLOOP_TEST_HOME` chooses how. */
export async function startEdge({ port, state, vars, log, host, build = 'dist', home = defaultHome() }: EdgeOptions): Promise<Edge> {
  const url = `http://localhost:${port}`
  const program = await edgeProgram(home, {
    build,
    port,
    host: host === undefined ? 'localhost' : '0.0.0.0',
    state,
    vars: { ...vars, ...host !== undefined && { HOSTS: host } },
  })
  let running: RunningProcess

  async function start() {
    running = startProcess({ ...program, onLine: log })
    const startup = new AbortController()
    try {
      const up = waitUntil('the edge to answer', () => isUp(`${url}/api/health`), { signal: startup.signal })
      await Promise.race([up, rejectOnExit('The edge', running)])
    }
    catch (error) {
      await running.stop()
      throw error
    }
    finally {
      startup.abort()
    }
  }

  await start()
  return {
    url,
    pid: () => running.pid,
    start,
    stop: () => running.stop(),
    async kill() {
      running.signal('SIGKILL')
      await running.exited
    },
  }
}

function defaultHome(): Home {
  return process.env.MAINLOOP_TEST_HOME === 'workerd' ? 'workerd' : 'miniflare'
}

async function edgeProgram(home: Home, served: ServedEdge): Promise<Pick<ProcessSpec, 'file' | 'args' | 'env'>> {
  return home === 'workerd'
    ? await selfHostedProgram(served)
    : { file: process.execPath, args: [PROGRAM, JSON.stringify(served)], env: {} }
}
