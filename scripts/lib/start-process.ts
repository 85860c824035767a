import type { Readable } from 'node:stream'
import { delimiter, dirname, join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { execa } from 'execa'
import { must } from '#shared/lib/must.ts'

/** Long enough for a program to end what it began; one that takes longer hangs. */
const STOP_GRACE_MS = 30_000

const root = join(import.meta.dirname, '..', '..')

export interface ProcessSpec {
  file: string
  args: readonly string[]
  /** The whole environment but for PATH and the like; nothing else of ours leaks in. */
  env: Record<string, string>
  onLine: (line: string) => void
}

export interface RunningProcess {
  pid: number
  /** How it ended, in words; never rejects. */
  exited: Promise<string>
  /** To the process and everything it started in its group. */
  signal: (signal: NodeJS.Signals) => void
  /** Asks it to end, insists after a grace period, and resolves when it has. */
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
  // Its own end, not that of its output: a grandchild may hold that open for longer.
  const exited = new Promise<string>(resolve => child.once('exit', (code, signal) => resolve(signal ? `was ended by ${signal}` : `ended with code ${code ?? 'unknown'}`)))

  function signal(name: NodeJS.Signals) {
    signalGroup(must(pid, 'the pid of a started process'), name)
  }

  async function stop() {
    signal('SIGTERM')
    const insist = setTimeout(signal, STOP_GRACE_MS, 'SIGKILL')
    await exited
    clearTimeout(insist)
    // Grandchildren that outlived it are still in its group.
    signal('SIGKILL')
  }

  return { pid, exited, signal, stop }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  }
  catch (error) {
    // Nobody of the group is left, which is what a signal that ends things wants.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH'))
      throw error
  }
}

/** What every program may need of ours, with this Node first. */
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
