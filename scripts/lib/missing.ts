/** Something is missing that only the person can provide: what and how, in a sentence. Shown without a stack trace. */
export class Missing extends Error {
  override readonly name = 'Missing'
}

/** Runs a script; what is missing is said, and makes it fail. */
export async function runScript(script: () => Promise<void>): Promise<void> {
  try {
    await script()
  }
  catch (error) {
    if (!(error instanceof Missing))
      throw error
    console.error(`\n  ${error.message.replaceAll('\n', '\n  ')}\n`)
    process.exitCode = 1
  }
}
