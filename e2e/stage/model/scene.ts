import type { Seen } from './seen.ts'

export interface Use { tool: string, input: Record<string, unknown> }

/** What the model says, and the tools it uses; it ends its turn when it uses none. */
export interface Reply { say: string, use?: Use[] }

/** One scripted answer. The first scene whose `when` is true is played; a request that fits none is refused by the stage. */
export interface Scene {
  name: string
  when: (seen: Seen) => boolean
  play: (seen: Seen) => Reply
}

/** Answers to one thing said that take several steps: step n is played when n tool results have come back. */
export function steps(name: string, when: (seen: Seen) => boolean, plays: readonly Scene['play'][]): Scene[] {
  return plays.map((play, step) => ({ name: `${name}, step ${step + 1}`, when: seen => seen.results.length === step && when(seen), play }))
}
