import { randomInt } from 'node:crypto'
import { portIsFree } from '../../scripts/lib/port-is-free.ts'

/** Below the range from which systems assign ports, so that no other process gets one of these by chance. */
const [FIRST, END] = [20_000, 30_000]

/** Finds a free port for a process that starts later, or that is killed and restarted at the same address. */
export async function freePort(): Promise<number> {
  const port = randomInt(FIRST, END)
  return await portIsFree(port) ? port : freePort()
}
