import type { Device, RoomAddress } from './contender.ts'
import type { ContenderName } from './contenders.ts'
import { hrtime } from 'node:process'
import { parentPort } from 'node:worker_threads'
import { must } from '#shared/lib/must.ts'
import { contenders } from './contenders.ts'
import { presentCookie } from './create-person.ts'

/** What a device's thread is told. */
export type ThreadCommand
  = | { kind: 'open', contender: ContenderName, address: RoomAddress }
    /** Answered with the moment before the first was sent. */
    | { kind: 'send', texts: readonly string[] }
    /** Answered with the moment in which the last of them was seen. */
    | { kind: 'await', texts: readonly string[] }
    | { kind: 'close' }

/** ms on the one clock of all threads of this process. */
export interface CommandDone { at: number }

const port = must(parentPort, 'a thread of its own')
/** Of the room that is open. */
let device: Device | null = null
const seen = new Map<string, number>()
let checkSeen: () => void = () => {}

port.on('message', async (command: ThreadCommand) => port.postMessage({ at: await follow(command) } satisfies CommandDone))

/** In ms, when it happened. */
async function follow(command: ThreadCommand): Promise<number> {
  switch (command.kind) {
    case 'open': {
      const { contender, address } = command
      presentCookie(address.cookie)
      seen.clear()
      device = await contenders[contender].open(address, (text) => {
        seen.set(text, now())
        checkSeen()
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
        checkSeen = () => {
          missing.forEach(text => seen.has(text) && missing.delete(text))
          if (missing.size === 0)
            resolve()
        }
        checkSeen()
      })
      return Math.max(...command.texts.map(text => seen.get(text) ?? 0))
    }
    case 'close':
      await device?.close()
      return now()
  }
}

function now(): number {
  return Number(hrtime.bigint()) / 1e6
}
