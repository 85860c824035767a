import type { RunningProcess } from './start-process.ts'
import { Stuck } from './session.ts'

/** Rejects when the process ends: to be raced against what it should do. */
export async function ended(name: string, { exited }: RunningProcess): Promise<never> {
  throw new Stuck(`${name} ${await exited}.`)
}
