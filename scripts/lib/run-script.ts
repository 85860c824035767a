import { UserError } from './user-error.ts'

/** Runs a script. A `UserError` is printed as its message and makes the script fail. */
export async function runScript(script: () => Promise<void>): Promise<void> {
  try {
    await script()
  }
  catch (error) {
    if (!(error instanceof UserError))
      throw error
    console.error(`\n  ${error.message.replaceAll('\n', '\n  ')}\n`)
    process.exitCode = 1
  }
}
