import type { RunningProcess } from './start-process.ts'
import process from 'node:process'
import { startProcess } from './start-process.ts'
import { TOOL_ENVIRONMENT } from './tool-environment.ts'

export interface DevServerSpec {
  port: number
  /** For a server beside a person's own: another storage folder, and another `wrangler.toml` with its `.dev.vars`. */
  env?: { MAINLOOP_STATE: string, MAINLOOP_WRANGLER_CONFIG: string }
  onLine: (line: string) => void
}

/** Starts the page with hot reload and the Worker in workerd, as one process. */
export function startDevServer({ port, env, onLine }: DevServerSpec): RunningProcess {
  return startProcess({
    file: process.execPath,
    args: ['node_modules/vite/bin/vite.js', '--port', String(port)],
    env: { ...TOOL_ENVIRONMENT, ...env },
    onLine,
  })
}
