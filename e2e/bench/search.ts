import process from 'node:process'
import { measureSearch, SEARCH_TARGETS } from './measure-search.ts'

const figures = await measureSearch()
process.exitCode = figures.p95Ms <= SEARCH_TARGETS.p95Ms ? 0 : 1
console.log(JSON.stringify({ bench: 'search', figures, targets: SEARCH_TARGETS }))
