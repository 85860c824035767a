import { readFile } from 'node:fs/promises'
import * as z from 'zod'
import { parseJson } from '#shared/lib/parse-json.ts'
import { isErrno } from '../lib/is-errno.ts'
import { jobPaths } from './job-paths.ts'
import { identityOf } from './processes.ts'
import { writeOnce } from './write-once.ts'

/** Who runs a Job. A pid alone may by now be somebody else's. */
const workerRecord = z.object({
  pid: z.number().int().positive(),
  identity: z.string(),
  /** ms since the epoch. */
  deadlineAt: z.number(),
})
export type WorkerRecord = z.infer<typeof workerRecord>

/** Makes this process the Job's worker, or says that there is or was one, or that the Job is gone. */
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

const NOBODY: WorkerRecord = { pid: 1, identity: 'spoilt', deadlineAt: Infinity }

/** Null when no worker has claimed the Job. */
export async function readWorker(folder: string): Promise<WorkerRecord | null> {
  try {
    // The agent runs as the same user; a record it has spoilt is nobody's, so the attempt has crashed.
    return workerRecord.safeParse(parseJson(await readFile(jobPaths(folder).worker, 'utf8'))).data ?? NOBODY
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
