import process from 'node:process'
import { runStep } from './lib/run-step.ts'
import { runVitest } from './lib/run-vitest.ts'

/** `make check` leaves out what needs a cluster or the whole system. */
const unitOnly = process.argv.includes('--unit')

const checks = ['lint', 'types', 'secrets', 'audit', 'size'].map(step => () => runStep(step))
const units = () => runVitest(['node', 'edge', 'client'])

// Specs run the built app. They mostly wait, for processes and pods, so what computes has room beside them on two cores. Three lanes of
// about the same length: with more at once, each waits for the others.
const built = await runStep('build')
const lanes = await Promise.all(unitOnly
  ? [inOrder(...checks, units)]
  : [
      inOrder(units),
      inOrder(() => runVitest(['system'])),
      inOrder(() => runVitest(['cluster']), ...checks, () => runVitest(['e2e'])),
    ])

const results = [built, ...lanes.flat()]
const passed = results.reduce((sum, result) => sum + result.passed, 0)
const failed = results.reduce((sum, result) => sum + result.failed, 0)
process.exitCode = failed > 0 ? 1 : 0
// The last line is read by people and by whatever runs the tests.
console.log(`\n${passed} passed, ${failed} failed`)

async function inOrder<T>(...steps: (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = []
  for (const step of steps)
    results.push(await step())
  return results
}
