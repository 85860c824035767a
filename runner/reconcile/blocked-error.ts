import type { RunnerEvent } from '#shared/model/task-event.ts'
import { GitHubError } from '../github/github.ts'
import { messageOf } from '../lib/message-of.ts'

/** Something outside keeps a task from moving; the message says what, for the person. */
export class BlockedError extends Error {
  override readonly name = 'BlockedError'
  readonly on: Extract<RunnerEvent, { kind: 'blocked' }>['on']
  /** ms since the epoch; null when nobody said. */
  readonly retryAt: number | null

  constructor(
    on: BlockedError['on'],
    message: string,
    { retryAt = null, cause }: { retryAt?: number | null, cause: unknown },
  ) {
    super(message, { cause })
    this.on = on
    this.retryAt = retryAt
  }
}

/** Calls GitHub; what GitHub would not do blocks the task until it does. */
export async function callGitHub<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  }
  catch (error) {
    throw error instanceof GitHubError
      ? new BlockedError('github', error.message, { retryAt: error.retryAt, cause: error })
      : error
  }
}

/** Calls the executor, which rejects only when its platform cannot be reached. */
export async function callExecutor<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  }
  catch (error) {
    // What a worker needs of GitHub, it is given by the runner.
    if (error instanceof GitHubError)
      throw new BlockedError('github', error.message, { retryAt: error.retryAt, cause: error })
    throw new BlockedError('executor', `Workers cannot be reached: ${messageOf(error)}`, { cause: error })
  }
}
