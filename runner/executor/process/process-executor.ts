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
import { findResult } from './find-result.ts'
import { followLog } from './follow-log.ts'
import { startWorker } from './start-worker.ts'

export interface ProcessExecutorOptions {
  /** The folder of the Jobs' folders, created when it is missing. It holds nothing else. */
  root: string
  /** Returns the credentials of the attempt's stages: the git token, and the model's address and key. */
  secrets: (spec: JobSpec) => Promise<WorkerSecrets>
  /** ms since the epoch. */
  now?: () => number
}

/** The form of `JobSpec.name`. Task and attempt come from it, because the agent may have changed the files inside. */
const JOB_NAME = /^ml-([a-z\d]+)-[a-z]+-(\d+)$/

/** The name of a folder that is being deleted; the next `list` deletes the remains after a crash. */
const TRASH = '.removed-'

/**
 * Runs workers as processes of this machine, with one folder each. They run as the same user, so this is no
 * sandbox. The folders are the only state. A Job counts once a worker has claimed its folder, so a crash before
 * the claim leaves nothing that runs, and the next `ensure` continues there.
 */
export function createProcessExecutor({ root: folder, secrets, now = Date.now }: ProcessExecutorOptions): Executor {
  const root = resolve(folder)
  const folderOf = (name: string): string => join(root, jobSpec.shape.name.parse(name))

  async function readJob(name: string): Promise<Job | null> {
    const folder = join(root, name)
    const worker = await readWorker(folder)
    if (worker === null)
      return null
    const [, task = '', attempt] = JOB_NAME.exec(name) ?? []
    return { name, task, attempt: Number(attempt), result: await findResult(folder, worker, now()) }
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
        return worker === null || await findResult(folder, worker, now()) !== null
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

/** Retries for a while, because a dying process may still write a file. */
async function discard(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
}
