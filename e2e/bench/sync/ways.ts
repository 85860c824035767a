import type { Open } from './contender.ts'
import { openAgents, openTiny, openY } from '../peers/clients.mjs'
import { openOurs } from './ours.ts'
import { openRaw } from './raw.ts'
import { openStock } from './stock.ts'

/** How a text gets from one device to another. Ours stands beside what it is measured against, so that a slow moment counts for both. */
export const ways = {
  'raw broadcast': { worker: 'peers', open: openRaw('raw') },
  'stock Replicache': { worker: 'mainloop', open: openStock },
  'raw + insert': { worker: 'peers', open: openRaw('insert') },
  'mainloop': { worker: 'mainloop', open: openOurs },
  'y-partyserver': { worker: 'peers', open: openY },
  'agents setState': { worker: 'peers', open: openAgents },
  'tinybase': { worker: 'peers', open: openTiny },
} as const satisfies Record<string, { worker: 'mainloop' | 'peers', open: Open }>

export type WayName = keyof typeof ways
