import type { RunningProcess } from '../../scripts/lib/start-process.ts'
import { join } from 'node:path'
import process from 'node:process'
import { startRunner } from '../../scripts/lib/runner.ts'
import { startProcess } from '../../scripts/lib/start-process.ts'
import { stopWorkers } from '../../scripts/lib/stop-workers.ts'

export interface Runner {
  /** Where its workers' folders are. */
  work: string
  start: () => void
  /** Starts one that is killed with SIGKILL the first time it comes to each step, again and again. Resolves with those steps when aborted. */
  startMortal: (deaths: string) => void
  kill: () => Promise<void>
  /** With its workers. */
  stop: () => Promise<void>
}

/** Short enough that a spec does not wait for it, long enough that it is still a poll. */
const POLL_SECONDS = '0.3'

/** The stand-in's checks begin with the push. */
const SETTLE_SECONDS = '1'

export function createRunner(env: Record<string, string>, work: string, log: (line: string) => void): Runner {
  const given = { ...env, MAINLOOP_WORK_DIR: work, MAINLOOP_POLL_SECONDS: POLL_SECONDS, MAINLOOP_SETTLE_SECONDS: SETTLE_SECONDS }
  let running: RunningProcess | null = null
  let mortal = false

  function startMortal(deaths: string) {
    mortal = true
    running = startProcess({ file: process.execPath, args: [join('e2e', 'harness', 'runner-that-dies.ts')], env: { ...given, DEATHS: deaths }, onLine: log })
    running.exited.then((how) => {
      log(`— it ${how} —`)
      if (mortal)
        startMortal(deaths)
    })
  }

  async function stop() {
    mortal = false
    await running?.stop()
    await stopWorkers(work)
  }

  return {
    work,
    start: () => { running = startRunner(given, log) },
    startMortal,
    async kill() {
      running?.signal('SIGKILL')
      await running?.exited
    },
    stop,
  }
}
