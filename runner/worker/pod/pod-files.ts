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

const checkoutHandover = z.object({ from: checkedOut, deadlineAt: z.number() })
export interface CheckoutHandover { from: CheckedOut, deadlineAt: number }

/** The files on a pod's volumes. Each stage has only some of them mounted. */
export function podFiles(root = '/') {
  const at = (path: string): string => join(root, path)
  const secret = (name: string): string => join(at(WORKER_PATHS.secrets), name)
  const { checkout, agent } = WORKER_PATHS.handover
  return {
    folder: at(WORKER_PATHS.scratch),
    readSpec: async () => jobSpec.parse(await readJson(secret('spec.json'))),
    readGitAccess: async () => workerSecrets.shape.git.parse(await readJson(secret('git.json'))),
    readModelAccess: async () => workerSecrets.shape.model.parse(await readJson(secret('model.json'))),
    writeCheckout: (handover: CheckoutHandover) =>
      writeFile(join(at(checkout), 'checkout.json'), JSON.stringify(handover)),
    readCheckout: async (): Promise<CheckoutHandover> =>
      checkoutHandover.parse(await readJson(join(at(checkout), 'checkout.json'))),
    writeAgentOutcome: async (outcome: StageOutcome) => {
      const path = join(at(agent), 'agent.json')
      // The agent's commands can write here too, and may have left a link or a pipe.
      await rm(path, { recursive: true, force: true })
      await writeFile(path, JSON.stringify(outcome), { flag: 'wx' })
    },
    readAgentOutcome: async (): Promise<StageOutcome> =>
      stageOutcome.parse(
        JSON.parse(await readFile(join(at(agent), 'agent.json'), { encoding: 'utf8', flag: NO_LINK })),
      ),
    prepare: () => prepare(at(WORKER_PATHS.scratch), join(at(WORKER_PATHS.work), 'tree')),
  }
}

/** The agent may have left a link to a file that only the reading stage has. */
const NO_LINK = constants.O_RDONLY | constants.O_NOFOLLOW

export type PodFiles = ReturnType<typeof podFiles>

/** Rejects if the checkout is a link, which an agent may have left to read files of the next stage. */
async function prepare(folder: string, tree: string): Promise<void> {
  const { home, tmp, workspace } = jobPaths(folder)
  await Promise.all([home, tmp].map(path => mkdir(path, { recursive: true })))
  // Git refuses folders of another user, such as the root of a volume, so the checkout is a folder in it.
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
