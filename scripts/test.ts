import process from 'node:process'
import { runStep } from './lib/run-step.ts'
import { runVitest } from './lib/run-vitest.ts'

/** `make check` leaves out what needs a cluster or the whole system. */
const unitOnly = process.argv.includes('--unit')

/** Tests wait for processes and pods at times: three at once keep two processors busy, and with more each only waits for the others. */
const LANES = 3

const tests = (...projects: string[]) => () => runVitest(projects)
const checks = ['types', 'lint', 'secrets', 'audit', 'size'].map(step => () => runStep(step))
const units = [tests('edge', 'client'), tests('node')]

// Specs run the built app. What takes longest begins first.
const built = await runStep('build')
const results = [built, ...await inLanes(unitOnly ? [...units, ...checks] : [tests('cluster'), tests('system'), ...units, tests('e2e'), ...checks])]
const passed = results.reduce((sum, result) => sum + result.passed, 0)
const failed = results.reduce((sum, result) => sum + result.failed, 0)
process.exitCode = failed > 0 ? 1 : 0
// The last line is read by people and by whatever runs the tests.
console.log(`\n${passed} passed, ${failed} failed`)

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
