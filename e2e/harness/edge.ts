import type { RunningProcess } from '../../scripts/lib/start-process.ts'
import process from 'node:process'
import { ended } from '../../scripts/lib/ended.ts'
import { isUp } from '../../scripts/lib/is-up.ts'
import { QUIET } from '../../scripts/lib/quiet.ts'
import { startProcess } from '../../scripts/lib/start-process.ts'
import { until } from '../../scripts/lib/until.ts'

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

export interface Edge {
  url: string
  /** SIGKILL to workerd and all around it: what a machine that loses power does. */
  kill: () => Promise<void>
  start: () => Promise<void>
  stop: () => Promise<void>
}

/** The built Worker in workerd, as it is deployed. */
export async function startEdge(options: EdgeOptions): Promise<Edge> {
  const url = `http://localhost:${options.port}`
  let running: RunningProcess

  async function start() {
    running = startProcess({ file: process.execPath, args: ['node_modules/wrangler/bin/wrangler.js', ...dev(options)], env: { ...QUIET, CI: '1' }, onLine: options.log })
    await Promise.race([until('the edge to answer', () => isUp(`${url}/api/health`)), ended('The edge', running)])
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

function dev({ port, state, vars, host, build = 'dist' }: EdgeOptions): string[] {
  return [
    'dev',
    `--config=${build}/mainloop/wrangler.json`,
    `--port=${port}`,
    `--ip=${host === undefined ? 'localhost' : '0.0.0.0'}`,
    '--inspector-port=0',
    `--persist-to=${state}`,
    '--show-interactive-dev-session=false',
    ...Object.entries({ ...vars, ...host !== undefined && { HOSTS: host } }).flatMap(([name, value]) => ['--var', `${name}:${value}`]),
  ]
}
