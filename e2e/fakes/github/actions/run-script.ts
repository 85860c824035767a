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

/** Runs a script and passes on its output and errors line by line. Kills all processes that it started when it ends or `signal` aborts. */
export async function runScript({ command, folder, env }: Script, onLine: (line: string) => void, signal: AbortSignal): Promise<ScriptEnd> {
  if (signal.aborted)
    return { kind: 'stopped' }
  // A shell joins the two streams, so that their lines keep their order.
  const args = ['-c', 'exec "$@" 2>&1', 'step', ...command]
  const child = spawn('/bin/bash', args, { cwd: folder, env, detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
  const group = child.pid
  const stop = () => killGroup(group)
  signal.addEventListener('abort', stop)
  // A process in the background would keep the stream open for ever.
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
    // ESRCH means that no process of the group is left.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH'))
      throw error
  }
}
