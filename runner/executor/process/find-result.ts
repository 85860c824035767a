import type { AttemptResult } from '#shared/model/task-event.ts'
import type { WorkerRecord } from '../../job/worker-record.ts'
import { readFile } from 'node:fs/promises'
import { parseJson } from '#shared/lib/parse-json.ts'
import { attemptResult } from '#shared/model/task-event.ts'
import { jobPaths } from '../../job/job-paths.ts'
import { NO_USAGE } from '../../job/no-usage.ts'
import { killProcessesOf } from '../../job/processes.ts'
import { isAlive } from '../../job/worker-record.ts'
import { writeOnce } from '../../job/write-once.ts'
import { isErrno } from '../../lib/is-errno.ts'

/** ms after the deadline in which a worker stops its stages, saves their work and writes its own result. */
const DEADLINE_GRACE_MS = 180_000

/**
 * Returns the Job's result, or null while it runs. For a worker that vanished, or that hangs long after its
 * deadline, it writes the result and kills the processes that the worker started.
 */
export async function findResult(folder: string, worker: WorkerRecord, now: number): Promise<AttemptResult | null> {
  const late = now > worker.deadlineAt + DEADLINE_GRACE_MS
  const alive = isAlive(worker)
  // Read after the check of the process: a worker that ended in between has written its result before.
  const result = await readResult(folder)
  if (result !== null || (alive && !late))
    return result
  await killProcessesOf(folder, { roots: alive ? [worker.pid] : [] })
  return await writeResult(folder, now > worker.deadlineAt ? OVERDUE : VANISHED) ? readResult(folder) : null
}

/** Returns false when the Job was removed meanwhile. */
async function writeResult(folder: string, result: AttemptResult): Promise<boolean> {
  try {
    await writeOnce(jobPaths(folder).result, JSON.stringify(result))
    return true
  }
  catch (error) {
    if (isErrno(error, 'ENOENT'))
      return false
    throw error
  }
}

const VANISHED: AttemptResult = {
  outcome: 'failed',
  kind: 'crashed',
  reason: 'The worker vanished without a result.',
  usage: NO_USAGE,
}
const OVERDUE: AttemptResult = {
  outcome: 'failed',
  kind: 'deadline',
  reason: 'The attempt\'s time is over and its worker gave no result.',
  usage: NO_USAGE,
}

const UNREADABLE: AttemptResult = {
  outcome: 'failed',
  kind: 'crashed',
  reason: 'The worker left a result that cannot be read.',
  usage: NO_USAGE,
}

async function readResult(folder: string): Promise<AttemptResult | null> {
  try {
    // The agent runs as the same user, so it may have changed this file.
    return attemptResult.safeParse(parseJson(await readFile(jobPaths(folder).result, 'utf8'))).data ?? UNREADABLE
  }
  catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR'))
      return null
    throw error
  }
}
