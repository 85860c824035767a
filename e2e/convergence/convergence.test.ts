import type { Device } from './device.ts'
import type { Edge } from './edge.ts'
import type { Fault } from './network.ts'
import { env } from 'cloudflare:workers'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { unreachable } from '#shared/lib/unreachable.ts'
import { NOTE_PREFIX } from '#shared/model/note.ts'
import { REFUSAL_PREFIX } from '#shared/model/refusal.ts'
import { eventually } from '#shared/testing/eventually.ts'
import { openDevice } from './device.ts'
import { openEdge } from './edge.ts'

const RUNS = Number(env.RUNS || 200)

/** Runs mostly wait for the network, so several run at once. */
const LANES = 10

/** A change by one device only, a change that other devices may make too, and faults of the connections and the object. */
const ACTIONS = ['note', 'clash', 'cut', 'down', 'up', 'wake', 'crash', 'sleep', 'evict', 'kill', 'prune', 'forget'] as const

const step = fc.record({
  device: fc.nat(2),
  action: fc.oneof({ weight: 3, arbitrary: fc.constantFrom('note' as const, 'clash' as const) }, { weight: 2, arbitrary: fc.constantFrom(...ACTIONS) }),
  waitMs: fc.constantFrom(0, 0, 1, 5, 15),
})
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** Far more than one run takes on a slow machine. */
const RUN_TIMEOUT_MS = 60_000

const scenario = fc.record({
  past: fc.constantFrom(0, 0, 0, 350),
  faults: fc.array(fc.constantFrom<Fault[]>('none', 'none', 'twice', 'later'), { minLength: 1, maxLength: 17 }),
  steps: fc.array(step, { minLength: 3, maxLength: 25 }),
})

test('after any faults every device equals the edge, and every change was made once or is visibly refused', async () => {
  await Promise.all(Array.from({ length: env.SEED ? 1 : LANES }, async (_, lane) => {
    let run = 0
    await fc.assert(
      fc.asyncProperty(scenario, generated => play(`convergence ${lane} ${run++}`, generated)),
      // A run takes too long to shrink a counterexample, so the first one is printed with the seed and path that replay it.
      { numRuns: Math.ceil(RUNS / LANES), endOnFailure: true, ...(env.SEED && { seed: Number(env.SEED) }), ...(env.SEED_PATH && { path: env.SEED_PATH }) },
    )
  }))
}, RUNS * RUN_TIMEOUT_MS)

async function play(name: string, { past, faults, steps }: { past: number, faults: Fault[], steps: Step[] }): Promise<void> {
  const edge = await openEdge(name)
  if (past > 0)
    await edge.remember(past)
  const devices = ['a', 'b', 'c'].map(device => openDevice({ name: `${name} ${device}`, edge, faults }))
  const made = { notes: 0, clashes: 0, ids: new Set<string>() }

  for (const { device, action, waitMs } of steps) {
    await act(action, { edge, device: must(devices[device], 'a device'), made })
    await sleep(waitMs)
  }

  for (const { network, wake } of devices) {
    network.stopFaults()
    network.up()
    wake()
  }
  await eventually(async () => {
    const rows = await edge.rows()
    expect(devices.map(device => differences(device.rows, rows))).toEqual(devices.map(() => []))
    // A note that was made twice would be refused the second time, and a lost one would be missing.
    const refusals = Object.keys(rows).filter(key => key.startsWith(REFUSAL_PREFIX))
    const notes = Object.keys(rows).filter(key => key.startsWith(NOTE_PREFIX))
    expect([notes.length, refusals.length]).toEqual([made.notes + made.ids.size, made.clashes - made.ids.size])
  })
  await Promise.all(devices.map(({ close }) => close()))
}

interface StepContext { edge: Edge, device: Device, made: { notes: number, clashes: number, ids: Set<string> } }

async function act(action: Step['action'], { edge, device, made }: StepContext): Promise<void> {
  switch (action) {
    case 'note': {
      made.notes += 1
      expect(await device.note(`n${made.notes}`)).toBe(true)
      return
    }
    case 'clash': {
      const id = `clash${made.clashes % 3}`
      if (await device.note(id)) {
        made.clashes += 1
        made.ids.add(id)
      }
      return
    }
    case 'cut': return device.network.cut()
    case 'down': return device.network.down()
    case 'up': return device.network.up()
    case 'wake': return device.wake()
    case 'crash': return device.crash()
    case 'sleep': return edge.sleep()
    case 'evict': return edge.evict()
    case 'kill': return edge.kill()
    case 'prune': return edge.prune()
    case 'forget': return edge.forget()
    default: return unreachable(action)
  }
}

/** Up to ten keys of rows that differ between a device and the edge. */
function differences(ofDevice: Map<string, unknown>, ofEdge: Record<string, unknown>): string[] {
  const keys = [...new Set([...ofDevice.keys(), ...Object.keys(ofEdge)])]
  return keys.filter(key => JSON.stringify(ofDevice.get(key)) !== JSON.stringify(ofEdge[key])).slice(0, 10)
}

function sleep(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}
