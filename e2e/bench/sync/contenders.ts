import type { Open } from './contender.ts'
import { openAgents, openTiny, openY } from '../peers/clients.mjs'
import { openMainloop } from './mainloop.ts'
import { openRaw } from './raw-socket.ts'
import { openStockReplicache } from './stock-replicache.ts'

/** Ways of a text from one device to another. Ours runs next to the ones it is compared with, so that a slow moment counts for both. */
export const contenders = {
  'raw broadcast': { worker: 'peers', open: openRaw('raw') },
  'stock Replicache': { worker: 'mainloop', open: openStockReplicache },
  'raw + insert': { worker: 'peers', open: openRaw('insert') },
  'mainloop': { worker: 'mainloop', open: openMainloop },
  'y-partyserver': { worker: 'peers', open: openY },
  'agents setState': { worker: 'peers', open: openAgents },
  'tinybase': { worker: 'peers', open: openTiny },
} as const satisfies Record<string, { worker: 'mainloop' | 'peers', open: Open }>

export type ContenderName = keyof typeof contenders
