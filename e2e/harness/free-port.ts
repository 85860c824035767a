import { randomInt } from 'node:crypto'
import { portIsFree } from '../../scripts/lib/port-is-free.ts'

/** Below what systems hand out to who asks for any port: nothing else that starts beside us gets one of these. */
const [FIRST, END] = [20_000, 30_000]

/** A port nobody listens on, for a process that starts later, or is killed and must come back at the same address. */
export async function freePort(): Promise<number> {
  const port = randomInt(FIRST, END)
  return await portIsFree(port) ? port : freePort()
}
