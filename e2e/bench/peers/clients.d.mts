import type { Open } from '../sync/contender.ts'

export const openY: Open
export const openAgents: Open
export const openTiny: Open
