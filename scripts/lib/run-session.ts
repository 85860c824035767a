import process from 'node:process'
import { emphasis } from './terminal.ts'
import { UserError } from './user-error.ts'

export interface Session {
  /** Aborts when the person presses Ctrl-C, closes the terminal, or something asks the process to end. */
  signal: AbortSignal
  /** What was started is stopped in the opposite order, however the session ends. */
  stack: AsyncDisposableStack
}

/** Runs a foreground command that starts things and stops all of them in the end. */
export async function runSession(command: (session: Session) => Promise<void>, say: (line: string) => void): Promise<void> {
  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => controller.abort())

  const stack = new AsyncDisposableStack()
  try {
    await command({ signal: controller.signal, stack })
  }
  catch (error) {
    // What was interrupted on the way up rejects because it was told to.
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
