import { messageOf } from '../lib/message-of.ts'

/** One thing that must be right; `say` is what was found, and when it is wrong what to do. */
export interface Check { name: string, ok: boolean, say: string }

/** What went wrong is told as the check's own words: every error a person can mend says how. */
export async function check(name: string, look: () => Promise<string>): Promise<Check> {
  try {
    return { name, ok: true, say: await look() }
  }
  catch (error) {
    return { name, ok: false, say: messageOf(error) }
  }
}
