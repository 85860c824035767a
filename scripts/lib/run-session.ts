import process from 'node:process'
import { emphasis } from './terminal.ts'
import { UserError } from './user-error.ts'

export interface Session {
  /** Aborts when the person presses Ctrl-C, closes the terminal, or something asks the process to end. */
  signal: AbortSignal
  /** Stops everything that was started, in the opposite order, at any end of the session. */
  stack: AsyncDisposableStack
}

/** Runs a foreground command and stops everything that it started. */
export async function runSession(
  command: (session: Session) => Promise<void>,
  say: (line: string) => void,
): Promise<void> {
  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => controller.abort())

  const stack = new AsyncDisposableStack()
  try {
    await command({ signal: controller.signal, stack })
  }
  catch (error) {
    // An error after an interruption is a consequence of it.
    if (!controller.signal.aborted) {
      process.exitCode = 1
      say(emphasis(error instanceof UserError ? error.message : String(error instanceof Error ? error.stack : error)))
    }
  }
  finally {
    say('Stopping …')
    await stack.disposeAsync()
    say('Everything is stopped.')
  }
}
