import type { ShallowRef } from 'vue'
import { shallowRef } from 'vue'

export interface Problem {
  /** The message of the last failed attempt, for the person; null without one. */
  problem: ShallowRef<string | null>
  /** Resolves to false when `act` failed with an expected error; `problem` then has its message. */
  attempt: (act: () => Promise<unknown>) => Promise<boolean>
}

/** Shows errors of the `expected` classes to the person; any other error is a bug and is thrown on. */
export function useProblem(...expected: (abstract new (...args: never[]) => Error)[]): Problem {
  const problem = shallowRef<string | null>(null)

  async function attempt(act: () => Promise<unknown>) {
    problem.value = null
    try {
      await act()
      return true
    }
    catch (error) {
      if (!(error instanceof Error) || !expected.some(type => error instanceof type))
        throw error
      problem.value = error.message
      return false
    }
  }

  return { problem, attempt }
}
