import type { Open } from './contender.ts'
import { setTimeout } from 'node:timers/promises'

/** Sent before anything counts, so that code is compiled and connections are warm. */
const WARM_UP = 60

/** Between two messages, as a person takes longer still: what the last one left to do on its own device is done by then, and is not part of the next. */
const REST_MS = 5

/** Milliseconds from A's send to B's sight, one at a time. */
export async function measureLatency(open: Open, place: { url: string, room: string }, samples: number): Promise<number[]> {
  let arrived: (text: string) => void = () => {}
  const pair = await open({ ...place, seen: text => arrived(text) })
  const times: number[] = []
  for (let n = 0; n < samples + WARM_UP; n++) {
    const text = `${place.room}-${n}`
    const since = performance.now()
    const seen = new Promise<void>((resolve) => {
      arrived = heard => heard === text && resolve()
    })
    pair.send(text)
    await seen
    if (n >= WARM_UP)
      times.push(performance.now() - since)
    await setTimeout(REST_MS)
  }
  await pair.close()
  return times
}

/** Messages a second that B sees while A sends this many at once. */
export async function measureBurst(open: Open, place: { url: string, room: string }, messages: number): Promise<number> {
  const missing = new Set(Array.from({ length: messages }, (_, n) => `${place.room}-burst-${n}`))
  let last: (text: string) => void = () => {}
  const pair = await open({ ...place, seen: text => last(text) })
  const all = new Promise<void>((resolve) => {
    last = (text) => {
      missing.delete(text)
      if (missing.size === 0)
        resolve()
    }
  })
  const since = performance.now()
  for (const text of [...missing])
    pair.send(text)
  await all
  const perSecond = messages / ((performance.now() - since) / 1000)
  await pair.close()
  return perSecond
}
