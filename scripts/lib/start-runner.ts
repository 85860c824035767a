import type { RunningProcess } from './start-process.ts'
import process from 'node:process'
import { VARIABLES } from '../../runner/config/read-config.ts'
import { startProcess } from './start-process.ts'

/** Starts the runner as a process; of `env` it gets only its own variables. */
export function startRunner(
  env: Record<string, string | undefined>,
  onLine: (line: string) => void,
  entry: readonly string[] = ['runner/main.ts', 'serve'],
): RunningProcess {
  const known = Object.keys(VARIABLES).flatMap((name): [string, string][] => env[name] ? [[name, env[name]]] : [])
  return startProcess({ file: process.execPath, args: entry, env: Object.fromEntries(known), onLine })
}
