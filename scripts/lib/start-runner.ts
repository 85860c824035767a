import type { RunningProcess } from './start-process.ts'
import process from 'node:process'
import { VARIABLES } from '../../runner/config/read-config.ts'
import { startProcess } from './start-process.ts'

/** The runner as a process, with those of the variables it knows. */
export function startRunner(env: Record<string, string | undefined>, onLine: (line: string) => void, entry: readonly string[] = ['runner/main.ts', 'serve']): RunningProcess {
  const given = Object.keys(VARIABLES).flatMap((name): [string, string][] => env[name] ? [[name, env[name]]] : [])
  return startProcess({ file: process.execPath, args: entry, env: Object.fromEntries(given), onLine })
}
