import type { Outcome } from './outcome.ts'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import process from 'node:process'
import { sumOutcomes } from './outcome.ts'
import { runVitest } from './run-vitest.ts'

const LOOPS_PER_CORE = 2

/** One group runs at a time, because the busy loops already take the processors. */
const GROUPS = [['node', 'edge', 'client'], ['system']]

export interface StressOptions {
  times: number
  /** The projects of Vitest; all when empty. */
  projects?: readonly string[]
  /** Parts of the paths of test files; all files when empty. */
  files?: readonly string[]
}

/**
 * Runs the unit and system suites on an overloaded machine, where a test that depends on speed fails. The app has to
 * be built before.
 */
export async function runStress({ times, projects = [], files = [] }: StressOptions): Promise<Outcome> {
  const count = LOOPS_PER_CORE * availableParallelism()
  const isChosen = (name: string): boolean => projects.length === 0 || projects.includes(name)
  const groups = GROUPS.map(group => group.filter(isChosen)).filter(({ length }) => length > 0)
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

/** A loop also ends by itself when its parent is gone, even after a crash of the parent. */
const LOOP = `const parent = ${process.pid}; while (process.ppid === parent);`

/** Takes processor time from everything else until it is disposed of. */
function startBusyLoops(count: number): AsyncDisposable {
  const children = Array.from({ length: count }, () => spawn(process.execPath, ['-e', LOOP], { stdio: 'ignore' }))
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all(children.map(async (child) => {
        const exited = once(child, 'exit')
        if (child.kill('SIGKILL'))
          await exited
      }))
    },
  }
}
