import process from 'node:process'
import { reportOutcome, sumOutcomes } from './lib/outcome.ts'
import { runStep } from './lib/run-step.ts'
import { runStress } from './lib/run-stress.ts'
import { runVitest } from './lib/run-vitest.ts'

/** `make check` leaves out what needs a cluster or the whole system. */
const unitOnly = process.argv.includes('--unit')

/** `make test-all` adds what takes long: measurements, and the suites once more on an overloaded machine. */
const all = process.argv.includes('--all')

/** Tests wait for processes and pods at times: three at once keep two processors busy, and with more each only waits for the others. */
const LANES = 3

const tests = (...projects: string[]) => () => runVitest(projects)
const checks = ['types', 'lint', 'imports', 'secrets', 'audit', 'size'].map(step => () => runStep(step))
const units = [tests('edge', 'client'), tests('node')]

// Specs run the built app. What takes longest begins first.
const built = await runStep('build')
const results = [built, ...await inLanes(unitOnly ? [...units, ...checks] : [tests('cluster'), tests('system'), ...units, tests('e2e'), ...checks])]
if (all)
  results.push(await runStep('bench:readers'), await runStress({ times: 1 }))
reportOutcome(sumOutcomes(results))

/** Each lane takes the next step as soon as it has ended the one before. */
async function inLanes<T>(steps: readonly (() => Promise<T>)[]): Promise<T[]> {
  const left = [...steps]
  const results: T[] = []
  await Promise.all(Array.from({ length: LANES }, async () => {
    for (let step = left.shift(); step; step = left.shift())
      results.push(await step())
  }))
  return results
}
