import type { Device, RoomAddress } from './contender.ts'
import type { ContenderName } from './contenders.ts'
import { hrtime } from 'node:process'
import { parentPort } from 'node:worker_threads'
import { must } from '#shared/lib/must.ts'
import { contenders } from './contenders.ts'
import { presentCookie } from './create-person.ts'

export type ThreadCommand
  = | { kind: 'open', contender: ContenderName, address: RoomAddress }
    /** Done at the moment before the first text was sent. */
    | { kind: 'send', texts: readonly string[] }
    /** Done at the moment when the last of these texts arrived. */
    | { kind: 'await', texts: readonly string[] }
    | { kind: 'close' }

/** In ms on the clock that all threads of this process share. */
export interface CommandDone { at: number }

const port = must(parentPort, 'a thread of its own')
let device: Device | null = null
/** Arrival times of the texts in the open room. */
const arrivals = new Map<string, number>()
let checkArrivals: () => void = () => {}

port.on('message', async (command: ThreadCommand) => port.postMessage({ at: await execute(command) } satisfies CommandDone))

/** Returns the time of the command's effect, in ms. */
async function execute(command: ThreadCommand): Promise<number> {
  switch (command.kind) {
    case 'open': {
      const { contender, address } = command
      presentCookie(address.cookie)
      arrivals.clear()
      device = await contenders[contender].open(address, (text) => {
        arrivals.set(text, now())
        checkArrivals()
      })
      return now()
    }
    case 'send': {
      const { send } = must(device, 'an open device')
      const at = now()
      command.texts.forEach(send)
      return at
    }
    case 'await': {
      const missing = new Set(command.texts)
      await new Promise<void>((resolve) => {
        checkArrivals = () => {
          missing.forEach(text => arrivals.has(text) && missing.delete(text))
          if (missing.size === 0)
            resolve()
        }
        checkArrivals()
      })
      return Math.max(...command.texts.map(text => arrivals.get(text) ?? 0))
    }
    case 'close':
      await device?.close()
      return now()
  }
}

function now(): number {
  return Number(hrtime.bigint()) / 1e6
}
