import type { Store } from '../store/store.ts'
import { catchUpSome, readCursor } from './catch-up.ts'

/** So that a search never has long to catch up. Commits. */
const EVERY_COMMITS = 100

/** Between two pieces of it, and at first: whoever says something in it is let finish. ms. */
const QUIET_PERIOD_MS = 250

/** So often, and then it does a piece in between: somebody who never stops must not keep it waiting for ever. */
const MAX_QUIET_PERIODS = 20

export interface FollowCommitsDeps {
  store: Store
  background: (work: Promise<void>) => void
  sleep: (ms: number) => Promise<void>
}

/**
 * Lets the index follow the rows from time to time, beside what people wait for; and begins with it when the
 * object wakes far behind, as after a migration. What little it has not seen the next search catches up.
 */
export function followCommits({ store, background, sleep }: FollowCommitsDeps): void {
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
        await quiet()
      while (catchUpSome(store.sql))
      // Not the cursor: the newest commits may have changed no row.
      through = store.version()
    }
    finally {
      following = false
    }
  }

  /** A breath in which nothing was said. */
  async function quiet(): Promise<void> {
    let before
    let periods = 0
    do {
      before = store.version()
      periods += 1
      await sleep(QUIET_PERIOD_MS)
    } while (store.version() !== before && periods < MAX_QUIET_PERIODS)
  }

  store.onCommit(followIfBehind)
  followIfBehind()
}
