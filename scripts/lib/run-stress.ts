import type { Outcome } from './outcome.ts'
import { availableParallelism } from 'node:os'
import { startBusyLoops } from './busy-loops.ts'
import { sumOutcomes } from './outcome.ts'
import { runVitest } from './run-vitest.ts'

const LOOPS_PER_CORE = 2

/** One group at a time: the busy loops take the processors already. */
const GROUPS = [['node', 'edge', 'client'], ['system']]

export interface StressOptions {
  times: number
  /** Only these projects of Vitest, and only files whose path contains one of `files`; all when empty. */
  projects?: readonly string[]
  files?: readonly string[]
}

/** Runs the unit and system suites on an overloaded machine, where a test that depends on its speed fails. The app is built already. */
export async function runStress({ times, projects = [], files = [] }: StressOptions): Promise<Outcome> {
  const count = LOOPS_PER_CORE * availableParallelism()
  const groups = GROUPS.map(group => group.filter(name => projects.length === 0 || projects.includes(name))).filter(({ length }) => length > 0)
  const outcomes: Outcome[] = []
  await using _loops = startBusyLoops(count)
  for (let run = 1; run <= times; run++) {
    for (const group of groups) {
      console.log(`stress: run ${run} of ${times}, ${group.join(', ')} beside ${count} busy loops`)
      outcomes.push(await runVitest(group, files))
    }
  }
  return sumOutcomes(outcomes)
}
