import type { RunningProcess } from './start-process.ts'
import process from 'node:process'
import { startProcess } from './start-process.ts'
import { TOOL_ENVIRONMENT } from './tool-environment.ts'

export interface DevServerSpec {
  port: number
  /**
   * What differs from a person's own server: where it stores, and its `wrangler.toml` with the `.dev.vars` beside it.
   */
  env?: { MAINLOOP_STATE: string, MAINLOOP_WRANGLER_CONFIG: string }
  onLine: (line: string) => void
}

/** The page with hot reload and the Worker in workerd, as one process. */
export function startDevServer({ port, env, onLine }: DevServerSpec): RunningProcess {
  return startProcess({
    file: process.execPath,
    args: ['node_modules/vite/bin/vite.js', '--port', String(port)],
    env: { ...TOOL_ENVIRONMENT, ...env },
    onLine,
  })
}
