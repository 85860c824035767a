import type { Device, Place } from './contender.ts'
import type { WayName } from './ways.ts'
import { hrtime } from 'node:process'
import { parentPort } from 'node:worker_threads'
import { must } from '#shared/lib/must.ts'
import { presentCookie } from './person.ts'
import { ways } from './ways.ts'

/** What a device's thread is told. */
export type Order
  = | { kind: 'open', way: WayName, place: Place }
    /** Answered with the moment before the first was sent. */
    | { kind: 'send', texts: readonly string[] }
    /** Answered with the moment in which the last of them was seen. */
    | { kind: 'await', texts: readonly string[] }
    | { kind: 'close' }

/** ms on the one clock of all threads of this process. */
export interface Done { at: number }

const port = must(parentPort, 'a thread of its own')
/** Of the room that is open. */
let device: Device | null = null
const seen = new Map<string, number>()
let look: () => void = () => {}

port.on('message', async (order: Order) => port.postMessage({ at: await follow(order) } satisfies Done))

/** In ms, when it happened. */
async function follow(order: Order): Promise<number> {
  switch (order.kind) {
    case 'open': {
      const { way, place } = order
      presentCookie(place.cookie)
      seen.clear()
      device = await ways[way].open(place, (text) => {
        seen.set(text, now())
        look()
      })
      return now()
    }
    case 'send': {
      const { send } = must(device, 'an open device')
      const at = now()
      order.texts.forEach(send)
      return at
    }
    case 'await': {
      const missing = new Set(order.texts)
      await new Promise<void>((resolve) => {
        look = () => {
          missing.forEach(text => seen.has(text) && missing.delete(text))
          if (missing.size === 0)
            resolve()
        }
        look()
      })
      return Math.max(...order.texts.map(text => seen.get(text) ?? 0))
    }
    case 'close':
      await device?.close()
      return now()
  }
}

function now(): number {
  return Number(hrtime.bigint()) / 1e6
}
