import type { Store } from '../store/store.ts'
import { catchUpSome, readCursor } from './catch-up.ts'

/** So that a search never has long to catch up. Commits. */
const EVERY_COMMITS = 100

/** Between two pieces of it, so that whoever says something meanwhile waits for one piece at most; and at first, because who has said much may go on. ms. */
const BREATH_MS = 250

export interface FollowDeps {
  store: Store
  background: (work: Promise<void>) => void
  sleep: (ms: number) => Promise<void>
}

/**
 * Lets the index follow the rows from time to time, beside what people wait for; and begins with it when the object wakes far behind, as
 * after a migration. What little it has not seen the next search catches up.
 */
export function followCommits({ store, background, sleep }: FollowDeps): void {
  let through = readCursor(store.sql)
  let following = false

  function followIfBehind(): void {
    if (!following && store.version() - through >= EVERY_COMMITS)
      background(follow())
  }

  async function follow(): Promise<void> {
    following = true
    try {
      do
        await sleep(BREATH_MS)
      while (catchUpSome(store.sql))
      // Not the cursor: the newest commits may have changed no row.
      through = store.version()
    }
    finally {
      following = false
    }
  }

  store.onCommit(followIfBehind)
  followIfBehind()
}
