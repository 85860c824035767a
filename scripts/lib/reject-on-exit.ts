import type { RunningProcess } from './start-process.ts'
import { UserError } from './user-error.ts'

/** Rejects when the process ends: to be raced against what it should do. */
export async function rejectOnExit(name: string, { exited }: RunningProcess): Promise<never> {
  throw new UserError(`${name} ${await exited}.`)
}
