import type { RunningProcess } from '../../scripts/lib/start-process.ts'
import { join } from 'node:path'
import process from 'node:process'
import { startProcess } from '../../scripts/lib/start-process.ts'
import { startRunner } from '../../scripts/lib/start-runner.ts'
import { stopWorkers } from '../../scripts/lib/stop-workers.ts'

export interface Runner {
  /** The folder of its workers' folders. */
  work: string
  start: () => void
  /** Starts a runner that kills itself at the first time of each step, again and again; `crashes` is the file of the steps. */
  startCrashing: (crashes: string) => void
  kill: () => Promise<void>
  /** Stops it and its workers. */
  stop: () => Promise<void>
}

/** Short, so that a spec does not wait for polls. */
const POLL_SECONDS = '0.3'

/** Short, because the fake GitHub's checks begin with the push. */
const QUIET_SECONDS = '1'

export function createRunner(env: Record<string, string>, work: string, log: (line: string) => void): Runner {
  const environment = { ...env, MAINLOOP_WORK_DIR: work, MAINLOOP_POLL_SECONDS: POLL_SECONDS, MAINLOOP_QUIET_SECONDS: QUIET_SECONDS }
  let running: RunningProcess | null = null
  let restarting = false

  function startCrashing(crashes: string) {
    restarting = true
    running = startProcess({
      file: process.execPath,
      args: [join('e2e', 'harness', 'crashing-runner.ts')],
      env: { ...environment, CRASHES_FILE: crashes },
      onLine: log,
    })
    running.exited.then((exit) => {
      log(`— it ${exit} —`)
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
    start: () => { running = startRunner(environment, log) },
    startCrashing,
    async kill() {
      running?.signal('SIGKILL')
      await running?.exited
    },
    stop,
  }
}
