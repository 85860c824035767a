import type { Committed } from '../store/store.ts'
import { MAX_FRAME_BYTES } from '#shared/model/limits.ts'

/** A row that changed, and the operation of a patch that says so, as JSON. */
export interface ChangedRow { key: string, operation: string }

export interface RecentChanges {
  /** In the order of their last change. */
  rows: readonly ChangedRow[]
  lastMutationIDs: (clientGroupID: string) => Record<string, number>
}

/** What the newest commits changed, so that who follows them is told without a look into storage. */
export interface RecentCommits {
  add: (commit: Committed) => void
  /** What changed after this version; null when that is not remembered. */
  since: (version: number) => RecentChanges | null
  forget: () => void
}

export function createRecentCommits(): RecentCommits {
  let commits: Committed[] = []
  let length = 0

  return {
    add(commit) {
      if (commit.writes.size === 0 && commit.clients.length === 0)
        return
      commits.push(commit)
      for (const write of commit.writes.values())
        length += write?.text.length ?? 0
      // They would not go into one frame any more: whoever needs them all pulls.
      if (length > MAX_FRAME_BYTES)
        forget()
    },
    since(version) {
      const [oldest] = commits
      if (oldest === undefined || version < oldest.version - 1)
        return null
      return changesOf(commits.filter(commit => commit.version > version))
    },
    forget,
  }

  function forget(): void {
    commits = []
    length = 0
  }
}

function changesOf(commits: readonly Committed[]): RecentChanges {
  const rows = new Map<string, ChangedRow>()
  for (const { writes } of commits) {
    for (const [key, write] of writes) {
      rows.delete(key)
      rows.set(key, { key, operation: operationOf(key, write?.text) })
    }
  }
  return {
    rows: [...rows.values()],
    lastMutationIDs: clientGroupID => Object.fromEntries(commits
      .flatMap(({ clients }) => clients)
      .filter(client => client.clientGroupID === clientGroupID)
      .map(({ clientID, lastMutationID }) => [clientID, lastMutationID])),
  }
}

function operationOf(key: string, value: string | undefined): string {
  return value === undefined
    ? `{"op":"del","key":${JSON.stringify(key)}}`
    : `{"op":"put","key":${JSON.stringify(key)},"value":${value}}`
}
