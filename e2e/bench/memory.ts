import process from 'node:process'
import { measureMemory } from './measure-memory.ts'
import { measureSearch, SEARCH_TARGETS } from './measure-search.ts'

/** Checks that a longer history costs Claude's memory nothing: ratios to a short conversation, and the time of a search. */
const TARGETS = {
  contextMs: 1.2,
  contextRows: 1.2,
  contextTokens: 1.2,
  compactionMs: 1.2,
  compactionRows: 1.2,
  compactionTokens: 1.2,
  searchP95Ms: SEARCH_TARGETS.p95Ms,
}
const NAMES = ['contextMs', 'contextRows', 'contextTokens', 'compactionMs', 'compactionRows', 'compactionTokens', 'searchP95Ms'] as const

const figures = { ...await measureMemory(), searchP95Ms: (await measureSearch()).p95Ms }
const missed = NAMES.filter(name => !(figures[name] <= TARGETS[name]))
for (const name of missed)
  console.log(`missed: ${name} is ${figures[name]}, at most ${TARGETS[name]} was wanted`)
process.exitCode = missed.length > 0 ? 1 : 0
console.log(JSON.stringify({ bench: 'memory', figures, targets: TARGETS }))
