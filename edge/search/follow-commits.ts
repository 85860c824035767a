import type { Store } from '../store/store.ts'
import { catchUpSome, readCursor } from './catch-up.ts'

/** Keeps the rest that a search must catch up small. Commits. */
const EVERY_COMMITS = 100

/** Indexing waits until there was no commit for this long, so that it does not delay the person's work. ms. */
const QUIET_PERIOD_MS = 250

/** After so many periods it indexes a piece anyway, because commits may never stop. */
const MAX_QUIET_PERIODS = 20

export interface FollowCommitsDeps {
  store: Store
  background: (work: Promise<void>) => void
  sleep: (ms: number) => Promise<void>
}

/**
 * Updates the index in the background, in quiet periods between commits, and at once when the object wakes far
 * behind, as after a migration. The next search catches up the rest.
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

  /** Waits for a period without a commit. */
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
