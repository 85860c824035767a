import { createRedactor } from '#shared/text/redact.ts'

/** An error may quote what it choked on, a header or an address with a secret in it. */
const redact = createRedactor([])

/** The one way the edge writes a log: what failed, and how, without anything that looks like a credential. */
export function logFailure(what: string, error: unknown): void {
  console.error(redact(`${what}: ${describe(error)}`))
}

function describe(error: unknown): string {
  if (!(error instanceof Error))
    return String(error)
  const cause = error.cause === undefined ? '' : `\n  because of ${describe(error.cause)}`
  return `${error.stack ?? error.message}${cause}`
}
