import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

export interface Script {
  /** The shell and its arguments, the script's file among them. */
  command: readonly [string, ...string[]]
  folder: string
  env: Readonly<Record<string, string>>
}

export type ScriptEnd = { kind: 'exited', code: number } | { kind: 'stopped' }

/** Runs a script with its output and errors in one stream, line by line. Nothing it started outlives it; `signal` stops it. */
export async function runScript({ command, folder, env }: Script, onLine: (line: string) => void, signal: AbortSignal): Promise<ScriptEnd> {
  if (signal.aborted)
    return { kind: 'stopped' }
  // Joined by a shell in front, so that lines of the two streams keep their order.
  const child = spawn('/bin/bash', ['-c', 'exec "$@" 2>&1', 'step', ...command], { cwd: folder, env, detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
  const group = child.pid
  const stop = () => killGroup(group)
  signal.addEventListener('abort', stop)
  // A process left in the background would keep the stream open for ever.
  child.once('exit', stop)
  try {
    const closed = once(child, 'close')
    for await (const line of createInterface({ input: child.stdout, crlfDelay: Infinity }))
      onLine(line)
    const [code] = await closed
    return signal.aborted ? { kind: 'stopped' } : { kind: 'exited', code: typeof code === 'number' ? code : 1 }
  }
  finally {
    signal.removeEventListener('abort', stop)
  }
}

function killGroup(group: number | undefined): void {
  if (group === undefined)
    return
  try {
    process.kill(-group, 'SIGKILL')
  }
  catch (error) {
    // Nothing is left of the group: that is what was wanted.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH'))
      throw error
  }
}
