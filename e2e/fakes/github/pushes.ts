import type { Hub } from './hub.ts'
import type { Repository, User } from './state.ts'

interface Announced {
  /** The commits of the branches at the last announcement. */
  branches: Map<string, string>
  /** Resolves when the latest announcement has ended. */
  last: Promise<void>
}

export interface Pushes {
  /** Compares a repository's branches with those at the last announcement and emits a push for each that moved. */
  announce: (repository: Repository, by: User) => Promise<void>
  /** Records the present branches as announced, without an event. */
  markAnnounced: (repository: Repository) => Promise<void>
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
      // Announcements run one after the other, or two pushes at once would announce the same branch twice.
      known.last = known.last.then(() => announce(repository, by, known))
      return known.last
    },
    async markAnnounced(repository) {
      announced.set(repository, { branches: await repository.git.branches(), last: Promise.resolve() })
    },
  }
}
