import { createRedactor } from '#shared/text/redact.ts'

/** Redacts credentials, because an error may quote a header or an address with a secret in it. */
const redact = createRedactor([])

/** Logs a failure of `what` without credentials. Nothing else at the edge writes a log. */
export function logFailure(what: string, error: unknown): void {
  console.error(redact(`${what}: ${describe(error)}`))
}

function describe(error: unknown): string {
  if (!(error instanceof Error))
    return String(error)
  const cause = error.cause === undefined ? '' : `\n  because of ${describe(error.cause)}`
  return `${error.stack ?? error.message}${cause}`
}
