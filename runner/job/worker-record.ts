import { readFile } from 'node:fs/promises'
import * as z from 'zod'
import { parseJson } from '#shared/lib/parse-json.ts'
import { isErrno } from '../lib/is-errno.ts'
import { jobPaths } from './job-paths.ts'
import { identityOf } from './processes.ts'
import { writeOnce } from './write-once.ts'

/** The process that runs a Job. A pid alone is not enough: the system reuses it. */
const workerRecord = z.object({
  pid: z.number().int().positive(),
  identity: z.string(),
  /** ms since the epoch. */
  deadlineAt: z.number(),
})
export type WorkerRecord = z.infer<typeof workerRecord>

/** Makes this process the Job's worker. False if the Job has or had one, or no longer exists. */
export async function registerWorker(folder: string, deadlineAt: number): Promise<boolean> {
  const identity = identityOf(process.pid)
  if (identity === null)
    throw new Error('this process is not among the processes')
  try {
    return await writeOnce(
      jobPaths(folder).worker,
      JSON.stringify({ pid: process.pid, identity, deadlineAt } satisfies WorkerRecord),
    )
  }
  catch (error) {
    if (isErrno(error, 'ENOENT'))
      return false
    throw error
  }
}

/** Stands for a process that does not run. */
const DEAD_WORKER: WorkerRecord = { pid: 1, identity: 'unreadable', deadlineAt: Infinity }

/** Null if the Job has no worker yet. */
export async function readWorker(folder: string): Promise<WorkerRecord | null> {
  try {
    // An agent runs as the same user and can overwrite the record. The attempt then counts as crashed.
    return workerRecord.safeParse(parseJson(await readFile(jobPaths(folder).worker, 'utf8'))).data ?? DEAD_WORKER
  }
  catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR'))
      return null
    throw error
  }
}

export function isAlive({ pid, identity }: WorkerRecord): boolean {
  return identityOf(pid) === identity
}
