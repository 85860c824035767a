import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { isErrno } from '../lib/is-errno.ts'
import { sleep } from '../lib/sleep.ts'
import { JOB_MARKER } from './clean-env.ts'

interface Seen {
  pid: number
  parent: number
  /** Differs for two processes that have the same pid one after the other. */
  identity: string
  environment: () => string
}

/** What tells this process from any other that had or will have its pid; null when it does not run (any more). */
export function identityOf(pid: number): string | null {
  const seen = process.platform === 'linux' ? readProc(pid) : readPs(['-p', String(pid)])[0]
  return seen?.identity ?? null
}

/**
 * The processes of the Job in `folder`: those that carry its mark, wherever they hang in
 * the tree by now, and all descendants of those and of `roots`. Claude Code's shells are
 * in groups of their own and outlive it when it is killed, so a group is not enough.
 */
export function processesOf(folder: string, roots: readonly number[] = []): number[] {
  const all = process.platform === 'linux' ? readAllProc() : readPs(['-A'])
  const mark = `${JOB_MARKER}=${folder}\0`
  const found = new Set(
    all.filter(({ pid, environment }) => roots.includes(pid) || environment().includes(mark)).map(({ pid }) => pid),
  )
  for (let size = -1; size !== found.size;) {
    size = found.size
    for (const { pid, parent } of all) {
      if (found.has(parent))
        found.add(pid)
    }
  }
  return [...found]
}

/** Between two polls, for the system to take away what was killed. */
const POLL_EVERY_MS = 20

/** A process that a kill does not end hangs in the kernel. Polls; about five seconds. */
const MAX_POLLS = 250

/** Kills them until none is left, also those that are started meanwhile. Rejects when one cannot be killed. */
export async function killProcessesOf(
  folder: string,
  { roots = [], except = [] }: { roots?: readonly number[], except?: readonly number[] } = {},
): Promise<void> {
  for (let poll = 0; poll < MAX_POLLS; poll++) {
    const found = processesOf(folder, roots).filter(pid => !except.includes(pid))
    if (found.length === 0)
      return
    found.forEach(kill)
    await sleep(POLL_EVERY_MS)
  }
  throw new Error(`the processes of ${folder} cannot be stopped`)
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  }
  catch (error) {
    if (!isErrno(error, 'ESRCH'))
      throw error
  }
}

function readAllProc(): Seen[] {
  return readdirSync('/proc').filter(name => /^\d+$/.test(name)).flatMap(name => readProc(Number(name)) ?? [])
}

function readProc(pid: number): Seen | null {
  const stat = readGone(`/proc/${pid}/stat`)
  // The name in parentheses may hold spaces and parentheses; what
  // follows it is fixed (proc(5)): state, parent … start time.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, parent] = fields
  const start = fields[19]
  if (state === undefined || state === 'Z' || state === 'X' || start === undefined)
    return null
  return {
    pid,
    parent: Number(parent),
    identity: `${bootId()}/${start}`,
    environment: () => readGone(`/proc/${pid}/environ`),
  }
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
}

/** Empty when the process is gone meanwhile, or is another user's. */
function readGone(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  }
  catch (error) {
    if (isErrno(error, 'ENOENT', 'ESRCH', 'EACCES', 'EPERM'))
      return ''
    throw error
  }
}

/** Where there is no /proc. The environment is not to be had there, so only the tree counts. Exported for its test. */
export function readPs(which: readonly string[]): Seen[] {
  return ps(which).split('\n').flatMap((line) => {
    const [, pid, parent, state, started] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\S.*\S)\s*$/.exec(line) ?? []
    return pid === undefined || started === undefined || state?.startsWith('Z')
      ? []
      : [{ pid: Number(pid), parent: Number(parent), identity: started, environment: () => '' }]
  })
}

function ps(which: readonly string[]): string {
  try {
    return execFileSync('ps', [...which, '-o', 'pid=,ppid=,stat=,lstart='], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  }
  catch (error) {
    // It exits with 1 when no process matches.
    if (error instanceof Error && 'status' in error && error.status === 1)
      return ''
    throw error
  }
}
