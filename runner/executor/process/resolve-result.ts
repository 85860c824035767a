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

/** What a worker needs to stop its stages, keep what they did and write its own result when the deadline is over. */
const DEADLINE_GRACE_MS = 180_000

/**
 * The Job's result, or null while it runs. A worker that vanished, or that hangs long after
 * its deadline, is given the result it can no longer write, and what it started is killed.
 */
export async function resolveResult(folder: string, worker: WorkerRecord, now: number): Promise<AttemptResult | null> {
  const late = now > worker.deadlineAt + DEADLINE_GRACE_MS
  const alive = isAlive(worker)
  // After the look at the process: a worker that ended in between has written its result before.
  const result = await readResult(folder)
  if (result !== null || (alive && !late))
    return result
  await killProcessesOf(folder, { roots: alive ? [worker.pid] : [] })
  return await leaveResult(folder, now > worker.deadlineAt ? OVERDUE : VANISHED) ? readResult(folder) : null
}

/** False when the Job was removed meanwhile. */
async function leaveResult(folder: string, result: AttemptResult): Promise<boolean> {
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
    // The agent runs as the same user and may have written here what it likes.
    return attemptResult.safeParse(parseJson(await readFile(jobPaths(folder).result, 'utf8'))).data ?? UNREADABLE
  }
  catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR'))
      return null
    throw error
  }
}
