import type { ClientRecord, Committed } from '../store/store.ts'
import { MAX_FRAME_BYTES } from '#shared/model/limits.ts'

/** A changed row, and its patch operation as JSON. */
export interface ChangedRow { key: string, operation: string }

export interface RecentChanges {
  /** In the order of their last change. */
  rows: readonly ChangedRow[]
  lastMutationIDs: (clientGroupID: string) => Record<string, number>
}

/** Remembers the changes of the newest commits, so that pokes to sockets that follow them read no rows. */
export interface RecentCommits {
  add: (commit: Committed) => void
  /** The changes after `version` up to `newest`; null when not all of them are remembered. */
  since: (version: number, newest: number) => RecentChanges | null
  forget: () => void
}

interface Remembered { version: number, rows: readonly ChangedRow[], clients: readonly ClientRecord[] }

/** The size of one lastMutationID in a frame. Characters. */
const CLIENT_LENGTH = 150

export function createRecentCommits(): RecentCommits {
  let commits: Remembered[] = []
  let length = 0

  return {
    add({ version, writes, clients }) {
      const last = commits.at(-1)
      if (last && version > last.version + 1)
        forget()
      if (writes.size === 0 && clients.length === 0)
        return
      const rows = [...writes].map(([key, write]) => ({ key, operation: operationOf(key, write?.text) }))
      commits.push({ version, rows, clients })
      length += rows.reduce((sum, { operation }) => sum + operation.length, clients.length * CLIENT_LENGTH)
      // A frame would not hold them all, and a socket that needs them all is served from storage.
      if (length > MAX_FRAME_BYTES)
        forget()
    },
    since(version, newest) {
      const [oldest] = commits
      if (oldest === undefined || version < oldest.version - 1 || commits.at(-1)?.version !== newest)
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

function changesOf(commits: readonly Remembered[]): RecentChanges {
  const rows = new Map<string, ChangedRow>()
  for (const row of commits.flatMap(commit => commit.rows)) {
    rows.delete(row.key)
    rows.set(row.key, row)
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
