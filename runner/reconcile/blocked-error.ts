import type { RunnerEvent } from '#shared/model/task-event.ts'
import { GitHubError } from '../github/github.ts'
import { messageOf } from '../lib/message-of.ts'

/** A failure outside the runner that keeps a task from moving; its message is for the person. */
export class BlockedError extends Error {
  override readonly name = 'BlockedError'
  readonly on: Extract<RunnerEvent, { kind: 'blocked' }>['on']
  /** ms since the epoch; null when the service named no time. */
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

/** Calls GitHub; a GitHubError becomes a BlockedError, so the task waits until GitHub accepts the call. */
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
    // Starting a worker can fail at GitHub too, because the runner fetches the worker's token there.
    if (error instanceof GitHubError)
      throw new BlockedError('github', error.message, { retryAt: error.retryAt, cause: error })
    throw new BlockedError('executor', `Workers cannot be reached: ${messageOf(error)}`, { cause: error })
  }
}
