import type { RunningProcess } from '../../scripts/lib/start-process.ts'
import { join } from 'node:path'
import process from 'node:process'
import { isUp } from '../../scripts/lib/is-up.ts'
import { rejectOnExit } from '../../scripts/lib/reject-on-exit.ts'
import { startProcess } from '../../scripts/lib/start-process.ts'
import { waitUntil } from '../../scripts/lib/wait-until.ts'

const PROGRAM = join(import.meta.dirname, 'serve-edge.ts')

export interface EdgeOptions {
  port: number
  /** Where the Durable Object's SQLite lives; what is killed and started again on the same folder goes on. */
  state: string
  /** The Worker's variables and secrets. */
  vars: Record<string, string>
  log: (line: string) => void
  /** Another address of this machine under which it is reached too. */
  host?: string
  /** Where the built app is. */
  build?: string
}

/** What the program that serves it is told. */
export type ServedEdge = Required<Pick<EdgeOptions, 'build' | 'port' | 'host' | 'state' | 'vars'>>

export interface Edge {
  url: string
  /** SIGKILL to workerd and all around it: what a machine that loses power does. */
  kill: () => Promise<void>
  start: () => Promise<void>
  stop: () => Promise<void>
}

/** The built Worker and page in workerd, as they are deployed. */
export async function startEdge({ port, state, vars, log, host, build = 'dist' }: EdgeOptions): Promise<Edge> {
  const url = `http://localhost:${port}`
  const served: ServedEdge = {
    build,
    port,
    host: host === undefined ? 'localhost' : '0.0.0.0',
    state,
    vars: { ...vars, ...host !== undefined && { HOSTS: host } },
  }
  let running: RunningProcess

  async function start() {
    running = startProcess({ file: process.execPath, args: [PROGRAM, JSON.stringify(served)], env: {}, onLine: log })
    const startup = new AbortController()
    try {
      await Promise.race([waitUntil('the edge to answer', () => isUp(`${url}/api/health`), { signal: startup.signal }), rejectOnExit('The edge', running)])
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
    start,
    stop: () => running.stop(),
    async kill() {
      running.signal('SIGKILL')
      await running.exited
    },
  }
}
