import type { Hub } from './hub.ts'
import type { Repository, User } from './state.ts'

/** What was last announced of each repository's branches, and the announcement under way. */
interface Announced {
  branches: Map<string, string>
  last: Promise<void>
}

export interface Pushes {
  /** Compares a repository's branches with what was last announced and emits a push for each that moved. */
  announce: (repository: Repository, by: User) => Promise<void>
  /** Takes the branches as they are for announced. */
  remember: (repository: Repository) => Promise<void>
}

export function createPushes(hub: Hub): Pushes {
  const announced = new WeakMap<Repository, Announced>()

  async function announce(repository: Repository, by: User, known: Announced) {
    const before = known.branches
    const after = await repository.git.branches()
    known.branches = after
    for (const branch of new Set([...before.keys(), ...after.keys()])) {
      const [from, to] = [before.get(branch) ?? null, after.get(branch) ?? null]
      if (from === to)
        continue
      repository.pushedAt = hub.now()
      await hub.emit({ type: 'push', repository, branch, before: from, after: to, by })
    }
  }

  return {
    announce(repository, by) {
      const known = announced.get(repository) ?? { branches: new Map<string, string>(), last: Promise.resolve() }
      announced.set(repository, known)
      // One after the other: two pushes at once must not announce each other's branches twice.
      known.last = known.last.then(() => announce(repository, by, known))
      return known.last
    },
    async remember(repository) {
      announced.set(repository, { branches: await repository.git.branches(), last: Promise.resolve() })
    },
  }
}
