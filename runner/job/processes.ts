import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { isErrno } from '../lib/is-errno.ts'
import { sleep } from '../lib/sleep.ts'
import { JOB_MARKER } from './clean-env.ts'

interface ProcessInfo {
  pid: number
  parent: number
  /** Differs between two processes that have the same pid one after the other. */
  identity: string
  environment: () => string
}

/** Identifies a process beyond its pid, which the system reuses. Null if no such process runs. */
export function identityOf(pid: number): string | null {
  const info = process.platform === 'linux' ? readProc(pid) : readPs(['-p', String(pid)])[0]
  return info?.identity ?? null
}

/**
 * The pids of the Job in `folder`: processes with its `JOB_MARKER`, the `roots`, and all their descendants.
 * A process group is not enough: Claude Code's shells have groups of their own and survive its death.
 */
export function processesOf(folder: string, roots: readonly number[] = []): number[] {
  const all = process.platform === 'linux' ? readAllProc() : readPs(['-A'])
  const marker = `${JOB_MARKER}=${folder}\0`
  const found = new Set(
    all.filter(({ pid, environment }) => roots.includes(pid) || environment().includes(marker)).map(({ pid }) => pid),
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

/** The system needs a moment to remove killed processes from its list. */
const POLL_EVERY_MS = 20

/** About five seconds: a process that still runs then hangs in the kernel. */
const MAX_POLLS = 250

/** Kills processes until none is left, including those that start meanwhile. Rejects if one survives. */
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

function readAllProc(): ProcessInfo[] {
  return readdirSync('/proc').filter(name => /^\d+$/.test(name)).flatMap(name => readProc(Number(name)) ?? [])
}

function readProc(pid: number): ProcessInfo | null {
  const stat = readIfPresent(`/proc/${pid}/stat`)
  // The name in parentheses can itself hold spaces and parentheses. Fixed fields follow it (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, parent] = fields
  const start = fields[19]
  if (state === undefined || state === 'Z' || state === 'X' || start === undefined)
    return null
  return {
    pid,
    parent: Number(parent),
    identity: `${bootId()}/${start}`,
    environment: () => readIfPresent(`/proc/${pid}/environ`),
  }
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
}

/** Empty if the process has ended or belongs to another user. */
function readIfPresent(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  }
  catch (error) {
    if (isErrno(error, 'ENOENT', 'ESRCH', 'EACCES', 'EPERM'))
      return ''
    throw error
  }
}

/** Used on systems without /proc. `ps` shows no environment, so only the tree counts. Exported for its test. */
export function readPs(which: readonly string[]): ProcessInfo[] {
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
    // `ps` exits with 1 when no process matches.
    if (error instanceof Error && 'status' in error && error.status === 1)
      return ''
    throw error
  }
}
