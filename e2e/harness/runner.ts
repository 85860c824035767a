import type { RunningProcess } from '../../scripts/lib/start-process.ts'
import { join } from 'node:path'
import process from 'node:process'
import { startProcess } from '../../scripts/lib/start-process.ts'
import { startRunner } from '../../scripts/lib/start-runner.ts'
import { stopWorkers } from '../../scripts/lib/stop-workers.ts'

export interface Runner {
  /** Where its workers' folders are. */
  work: string
  start: () => void
  /** Starts one that is killed with SIGKILL the first time it comes to each step, again and again. Resolves with those steps when aborted. */
  startCrashing: (crashes: string) => void
  kill: () => Promise<void>
  /** With its workers. */
  stop: () => Promise<void>
}

/** Short enough that a spec does not wait for it, long enough that it is still a poll. */
const POLL_SECONDS = '0.3'

/** The fake GitHub's checks begin with the push. */
const QUIET_SECONDS = '1'

export function createRunner(env: Record<string, string>, work: string, log: (line: string) => void): Runner {
  const given = { ...env, MAINLOOP_WORK_DIR: work, MAINLOOP_POLL_SECONDS: POLL_SECONDS, MAINLOOP_QUIET_SECONDS: QUIET_SECONDS }
  let running: RunningProcess | null = null
  let restarting = false

  function startCrashing(crashes: string) {
    restarting = true
    running = startProcess({
      file: process.execPath,
      args: [join('e2e', 'harness', 'crashing-runner.ts')],
      env: { ...given, CRASHES_FILE: crashes },
      onLine: log,
    })
    running.exited.then((how) => {
      log(`— it ${how} —`)
      if (restarting)
        startCrashing(crashes)
    })
  }

  async function stop() {
    restarting = false
    await running?.stop()
    await stopWorkers(work)
  }

  return {
    work,
    start: () => { running = startRunner(given, log) },
    startCrashing,
    async kill() {
      running?.signal('SIGKILL')
      await running?.exited
    },
    stop,
  }
}
