import process from 'node:process'

export interface Outcome { passed: number, failed: number }

export function sumOutcomes(outcomes: readonly Outcome[]): Outcome {
  const count = (key: keyof Outcome) => outcomes.reduce((sum, outcome) => sum + outcome[key], 0)
  return { passed: count('passed'), failed: count('failed') }
}

/** Prints the totals as the last line, and fails the process if anything failed. */
export function reportOutcome({ passed, failed }: Outcome): void {
  process.exitCode = failed > 0 ? 1 : 0
  console.log(`\n${passed} passed, ${failed} failed`)
}
