import process from 'node:process'
import { reportOutcome, sumOutcomes } from './lib/outcome.ts'
import { runStep } from './lib/run-step.ts'
import { runStress } from './lib/run-stress.ts'
import { runVitest } from './lib/run-vitest.ts'

/** `make check` leaves out the tests that need a cluster or the whole system. */
const unitOnly = process.argv.includes('--unit')

/** `make test-all` adds the slow parts: measurements, and the suites once more on an overloaded machine. */
const all = process.argv.includes('--all')

/** Tests often wait for processes and pods, so three lanes keep two processors busy; more would not be faster. */
const LANES = 3

const tests = (...projects: string[]) => () => runVitest(projects)

/** `make test` runs these on the self-hosted edge too, and `make test-all` runs all specs there. */
const SELF_HOSTED_SPECS = ['e2e/offline.spec.ts', 'e2e/reply.spec.ts']
const selfHosted = () => runVitest(['system-workerd'], all ? [] : SELF_HOSTED_SPECS)
const checks = ['types', 'lint', 'imports', 'secrets', 'audit', 'size'].map(step => () => runStep(step))
const units = [tests('edge', 'client'), tests('node')]

// Specs need the built app. The longest steps begin first.
const built = await runStep('build')
const wholeSystem = [tests('cluster'), tests('system'), selfHosted]
const steps = unitOnly ? [...units, ...checks] : [...wholeSystem, ...units, tests('e2e'), ...checks]
const results = [built, ...await inLanes(steps)]
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
