import type { Files } from './git/bare-repository.ts'
import type { Hub } from './hub.ts'
import type { Pushes } from './pushes.ts'
import type { Level, Repository } from './state.ts'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { must } from '#shared/lib/must.ts'
import { createBareRepository } from './git/bare-repository.ts'
import { newId, user } from './state.ts'

export interface RepositoryOptions {
  defaultBranch?: string
  archived?: boolean
  /** Whether the owner's plan includes draft pull requests; by default true. */
  drafts?: boolean
  /** The checks that branch protection requires for the default branch. */
  requiredChecks?: string[]
}

interface Deps { hub: Hub, root: string, pushes: Pushes }

export function createRepositories({ hub, root, pushes }: Deps) {
  return {
    async seed(
      fullName: string,
      files: Files = {},
      { defaultBranch = 'main', archived = false, drafts = true, requiredChecks = [] }: RepositoryOptions = {},
    ): Promise<Repository> {
      const { state, now } = hub
      const [login, name] = fullName.split('/')
      const owner = user(state, must(login, 'owner'))
      const git = await createBareRepository(join(root, `${fullName}.git`), defaultBranch, now)
      if (Object.keys(files).length > 0)
        await git.commit(defaultBranch, files, 'Begin\n')
      const repository: Repository = {
        id: newId(state),
        owner,
        name: must(name, 'name'),
        fullName,
        defaultBranch,
        private: true,
        archived,
        drafts,
        requiredChecks,
        createdAt: now(),
        pushedAt: now(),
        git,
        pulls: [],
        issues: [],
        collaborators: new Map(),
        runs: [],
        workflows: new Map(),
        checks: [],
        statuses: [],
      }
      // No push is emitted for the seeded commit, so no workflow runs for it.
      await pushes.markAnnounced(repository)
      state.repositories.set(fullName.toLowerCase(), repository)
      return repository
    },

    createToken(login: string, levels: Readonly<Record<string, Level>>): string {
      const token = `ghp_${randomBytes(18).toString('hex')}`
      hub.state.accounts.set(token, { user: user(hub.state, login), levels: new Map(Object.entries(levels)) })
      return token
    },
  }
}
