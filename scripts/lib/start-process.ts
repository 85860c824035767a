import type { Readable } from 'node:stream'
import { delimiter, dirname, join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { execa } from 'execa'
import { must } from '#shared/lib/must.ts'
import { UserError } from './user-error.ts'

/** Long enough for a program to clean up; one that takes longer hangs and is killed. */
const STOP_GRACE_MS = 30_000

const root = join(import.meta.dirname, '..', '..')

export interface ProcessSpec {
  file: string
  args: readonly string[]
  /** The whole environment except PATH and the like, so that no variable of this process leaks in. */
  env: Record<string, string>
  onLine: (line: string) => void
}

export interface RunningProcess {
  pid: number
  /** Resolves with the rest of a sentence, such as "ended with code 1"; never rejects. */
  exited: Promise<string>
  /** Sends a signal to the whole process group. */
  signal: (signal: NodeJS.Signals) => void
  /** Sends SIGTERM, and SIGKILL after a grace period; resolves when the process has ended. */
  stop: () => Promise<void>
}

/** Starts a process in a group of its own, so that stopping it leaves none of its children behind. */
export function startProcess({ file, args, env, onLine }: ProcessSpec): RunningProcess {
  const child = execa(file, args, {
    cwd: root,
    env: { ...basics(), ...env },
    extendEnv: false,
    detached: true,
    stdin: 'ignore',
    all: true,
    buffer: false,
    reject: false,
  })
  const pid = child.pid
  if (pid === undefined)
    throw new Error(`${file} could not be started.`)
  createInterface(must<Readable>(child.all, 'the output of a process')).on('line', onLine)
  // The end of the process and not of its output, which a grandchild may hold open for longer.
  const exited = new Promise<string>(resolve => child.once('exit', (code, signal) =>
    resolve(signal ? `was ended by ${signal}` : `ended with code ${code ?? 'unknown'}`)))

  function signal(name: NodeJS.Signals) {
    signalGroup(must(pid, 'the pid of a started process'), name)
  }

  async function stop() {
    signal('SIGTERM')
    const insist = setTimeout(signal, STOP_GRACE_MS, 'SIGKILL')
    await exited
    clearTimeout(insist)
    // Grandchildren that outlived the process are still in its group.
    signal('SIGKILL')
  }

  return { pid, exited, signal, stop }
}

/** Rejects when the process ends; race it against the wait for a result of that process. */
export async function rejectOnExit(name: string, { exited }: RunningProcess): Promise<never> {
  throw new UserError(`${name} ${await exited}.`)
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  }
  catch (error) {
    // ESRCH: no process of the group is left, so there is nothing to end.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH'))
      throw error
  }
}

/** The variables that every program needs; PATH begins with this Node. */
function basics(): Record<string, string> {
  const { HOME = '/', PATH = '/usr/bin:/bin', TMPDIR, LANG, NODE_COMPILE_CACHE } = process.env
  return {
    HOME,
    PATH: [dirname(process.execPath), join(root, 'node_modules', '.bin'), PATH].join(delimiter),
    ...(TMPDIR !== undefined && { TMPDIR }),
    ...(LANG !== undefined && { LANG }),
    ...(NODE_COMPILE_CACHE !== undefined && { NODE_COMPILE_CACHE }),
  }
}
