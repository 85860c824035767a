import type { RoomAddress } from './contender.ts'
import type { ContenderName } from './contenders.ts'
import type { Devices } from './devices.ts'
import { sleep } from '../../../runner/lib/sleep.ts'

/** Messages that are not counted, so that code is compiled and connections are warm. */
const WARM_UP = 60

/** Time for a device to finish the last message's work, so that it does not delay the next one. A person takes longer still. */
const BETWEEN_MESSAGES_MS = 5

type Room = Omit<RoomAddress, 'name'>

/** Milliseconds from one device's send until the text arrives at the other, one text at a time. */
export async function measureLatency(devices: Devices, contender: ContenderName, room: Room, samples: number): Promise<number[]> {
  await devices.open(contender, room)
  const times: number[] = []
  for (let n = 0; n < samples + WARM_UP; n++) {
    const time = await devices.exchange([`${room.room}-${n}`])
    if (n >= WARM_UP)
      times.push(time)
    await sleep(BETWEEN_MESSAGES_MS)
  }
  await devices.close()
  return times
}

/** Messages a second that arrive at one device when the other sends `messages` at once, after a smaller burst that is not counted. */
export async function measureBurst(devices: Devices, contender: ContenderName, room: Room, messages: number): Promise<number> {
  await devices.open(contender, room)
  const burst = (name: string, length: number) => devices.exchange(Array.from({ length }, (_, n) => `${room.room}-${name}-${n}`))
  await burst('warm-up', messages / 4)
  const took = await burst('burst', messages)
  await devices.close()
  return messages / (took / 1000)
}
