import process from 'node:process'

export interface Outcome { passed: number, failed: number }

export function sumOutcomes(outcomes: readonly Outcome[]): Outcome {
  return outcomes.reduce((sum, { passed, failed }) => ({ passed: sum.passed + passed, failed: sum.failed + failed }), { passed: 0, failed: 0 })
}

/** Prints the last line, which people and CI read, and fails the process if anything failed. */
export function reportOutcome({ passed, failed }: Outcome): void {
  process.exitCode = failed > 0 ? 1 : 0
  console.log(`\n${passed} passed, ${failed} failed`)
}
