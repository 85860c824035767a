import type { CheckedOut, StageOutcome } from '../../job/stage-protocol.ts'
import { constants } from 'node:fs'
import { lstat, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { jobPaths } from '../../job/job-paths.ts'
import { jobSpec } from '../../job/job-spec.ts'
import { WORKER_PATHS } from '../../job/pod-paths.ts'
import { checkedOut, stageOutcome, workerSecrets } from '../../job/stage-protocol.ts'
import { isErrno } from '../../lib/is-errno.ts'

const afterCheckout = z.object({ from: checkedOut, deadlineAt: z.number() })
export interface AfterCheckout { from: CheckedOut, deadlineAt: number }

/** What a stage in a pod finds on its volumes and leaves there; each stage has only some of it mounted. */
export function podFiles(root = '/') {
  const at = (path: string): string => join(root, path)
  const secret = (name: string): string => join(at(WORKER_PATHS.secrets), name)
  const { checkout, agent } = WORKER_PATHS.handover
  return {
    folder: at(WORKER_PATHS.scratch),
    spec: async () => jobSpec.parse(await readJson(secret('spec.json'))),
    git: async () => workerSecrets.shape.git.parse(await readJson(secret('git.json'))),
    model: async () => workerSecrets.shape.model.parse(await readJson(secret('model.json'))),
    leaveCheckout: (left: AfterCheckout) => writeFile(join(at(checkout), 'checkout.json'), JSON.stringify(left)),
    checkout: async (): Promise<AfterCheckout> =>
      afterCheckout.parse(await readJson(join(at(checkout), 'checkout.json'))),
    leaveAgent: async (outcome: StageOutcome) => {
      const path = join(at(agent), 'agent.json')
      // What the agent runs can write there too, and leave a link or a pipe.
      await rm(path, { recursive: true, force: true })
      await writeFile(path, JSON.stringify(outcome), { flag: 'wx' })
    },
    agent: async (): Promise<StageOutcome> =>
      stageOutcome.parse(
        JSON.parse(await readFile(join(at(agent), 'agent.json'), { encoding: 'utf8', flag: NO_LINK })),
      ),
    prepare: () => prepare(at(WORKER_PATHS.scratch), join(at(WORKER_PATHS.work), 'tree')),
  }
}

/** A link could lead to what only the reader may see. */
const NO_LINK = constants.O_RDONLY | constants.O_NOFOLLOW

export type PodFiles = ReturnType<typeof podFiles>

/**
 * Rejects when the checkout is a link: an agent could have left one that leads to what only the next stage may read.
 */
async function prepare(folder: string, tree: string): Promise<void> {
  const { home, tmp, workspace } = jobPaths(folder)
  await Promise.all([home, tmp].map(path => mkdir(path, { recursive: true })))
  // Git works in folders of its own user only, which the root of a volume is not; so the checkout is a folder in it.
  await mkdir(tree).catch((error: unknown) => {
    if (!isErrno(error, 'EEXIST', 'EROFS'))
      throw error
  })
  if (!(await lstat(tree)).isDirectory())
    throw new Error('the agent put something else where its checkout was')
  await symlink(tree, workspace)
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'))
}
