import { messageOf } from '../lib/message-of.ts'

/** The result of one check; `say` is the finding, with the remedy when it is not `ok`. */
export interface Check { name: string, ok: boolean, say: string }

/** Runs a check. The message of an error becomes its finding, because errors that a person can mend say how. */
export async function check(name: string, run: () => Promise<string>): Promise<Check> {
  try {
    return { name, ok: true, say: await run() }
  }
  catch (error) {
    return { name, ok: false, say: messageOf(error) }
  }
}
