import type { JobSpec } from '../../job/job-spec.ts'
import type { WorkerSecrets } from '../../job/stage-protocol.ts'
import type { Executor, Job } from '../executor.ts'
import { randomUUID } from 'node:crypto'
import { access, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { jobPaths } from '../../job/job-paths.ts'
import { jobSpec } from '../../job/job-spec.ts'
import { killProcessesOf } from '../../job/processes.ts'
import { isAlive, readWorker } from '../../job/worker-record.ts'
import { writeOnce } from '../../job/write-once.ts'
import { isErrno } from '../../lib/is-errno.ts'
import { followLog } from './follow-log.ts'
import { resolveResult } from './resolve-result.ts'
import { startWorker } from './start-worker.ts'

export interface ProcessExecutorOptions {
  /** Where the Jobs' folders are. Made when it is missing; nobody else's files belong there. */
  root: string
  /**
   * What the attempt's stages are given: the git token, without which
   * nothing can be pushed, and where the model is with what opens it.
   */
  secrets: (spec: JobSpec) => Promise<WorkerSecrets>
  /** ms since the epoch. */
  now?: () => number
}

/** As `JobSpec.name` says: what lies in the folder may by now be another's words. */
const JOB_NAME = /^ml-([a-z\d]+)-[a-z]+-(\d+)$/

/** A folder that is being deleted; what a crash leaves of it is deleted with the next look. */
const TRASH = '.removed-'

/**
 * Jobs as processes of this machine, one folder each. A convenience, not a sandbox: they run as the
 * same user. The folder is the whole state: a Job begins to exist when a worker claims it, so a crash
 * between folder and claim leaves nothing that counts, and the next `ensure` goes on from there.
 */
export function createProcessExecutor({ root: given, secrets, now = Date.now }: ProcessExecutorOptions): Executor {
  const root = resolve(given)
  const folderOf = (name: string): string => join(root, jobSpec.shape.name.parse(name))

  async function readJob(name: string): Promise<Job | null> {
    const folder = join(root, name)
    const worker = await readWorker(folder)
    if (worker === null)
      return null
    const [, task = '', attempt] = JOB_NAME.exec(name) ?? []
    return { name, task, attempt: Number(attempt), result: await resolveResult(folder, worker, now()) }
  }

  return {
    kind: 'process',

    async ensure(spec) {
      const folder = folderOf(spec.name)
      await mkdir(folder, { recursive: true, mode: 0o700 })
      if (await readWorker(folder) !== null)
        return
      await writeOnce(jobPaths(folder).spec, JSON.stringify(jobSpec.parse(spec)))
      await startWorker(folder, await secrets(spec))
    },

    async list() {
      const names = await entries(root)
      await Promise.all(names.filter(name => name.startsWith(TRASH)).map(name => discard(join(root, name))))
      const jobs = await Promise.all(names.filter(name => JOB_NAME.test(name)).map(readJob))
      return jobs.filter(job => job !== null)
    },

    async* follow(name, after, signal) {
      const folder = folderOf(name)
      const ended = async (): Promise<boolean> => {
        const worker = await readWorker(folder)
        return worker === null || await resolveResult(folder, worker, now()) !== null
      }
      yield* followLog({ path: jobPaths(folder).log, after, ended, signal })
    },

    async remove(name) {
      const folder = folderOf(name)
      if (!await isThere(folder))
        return
      const worker = await readWorker(folder)
      await killProcessesOf(folder, { roots: worker !== null && isAlive(worker) ? [worker.pid] : [] })
      const trash = join(root, `${TRASH}${randomUUID()}`)
      await rename(folder, trash)
      await discard(trash)
    },
  }
}

async function entries(root: string): Promise<string[]> {
  try {
    return await readdir(root)
  }
  catch (error) {
    if (isErrno(error, 'ENOENT'))
      return []
    throw error
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  }
  catch (error) {
    if (isErrno(error, 'ENOENT'))
      return false
    throw error
  }
}

/** Tries again for a while: a file may still be written as its writer dies. */
async function discard(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
}
