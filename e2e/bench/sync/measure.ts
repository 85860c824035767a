import type { RoomAddress } from './contender.ts'
import type { ContenderName } from './contenders.ts'
import type { Devices } from './devices.ts'
import { sleep } from '../../../runner/lib/sleep.ts'

/** Sent before anything counts, so that code is compiled and connections are warm. */
const WARM_UP = 60

/** Between two messages, as a person takes longer still: what the last one left to do on its own device is done by then, and is not part of the next. */
const REST_MS = 5

type Room = Omit<RoomAddress, 'name'>

/** Milliseconds from one device's send to the other's sight, one at a time. */
export async function measureLatency(devices: Devices, contender: ContenderName, room: Room, samples: number): Promise<number[]> {
  await devices.open(contender, room)
  const times: number[] = []
  for (let n = 0; n < samples + WARM_UP; n++) {
    const time = await devices.exchange([`${room.room}-${n}`])
    if (n >= WARM_UP)
      times.push(time)
    await sleep(REST_MS)
  }
  await devices.close()
  return times
}

/** Messages a second that one device sees while the other sends this many at once, after a smaller burst that does not count. */
export async function measureBurst(devices: Devices, contender: ContenderName, room: Room, messages: number): Promise<number> {
  await devices.open(contender, room)
  const burst = (name: string, length: number) => devices.exchange(Array.from({ length }, (_, n) => `${room.room}-${name}-${n}`))
  await burst('warm-up', messages / 4)
  const took = await burst('burst', messages)
  await devices.close()
  return messages / (took / 1000)
}
