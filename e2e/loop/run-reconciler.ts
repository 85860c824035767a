import type { AppCredential } from '../../runner/config/config.ts'
import type { Report, TaskHarness } from './task-harness.ts'
import { setImmediate } from 'node:timers/promises'
import { createLedger } from '../../runner/gateway/ledger.ts'
import { createGitHub } from '../../runner/github/octokit.ts'
import { composePrompt } from '../../runner/reconcile/compose-prompt.ts'
import { reconcile } from '../../runner/reconcile/reconcile.ts'

/** More than the longest scenario with many crashes takes; a scenario that needs more never ends. */
const MAX_PASSES = 400

class Crash extends Error {}

export interface ReconcilerRun {
  apiUrl: string
  token?: string
  /** Replaces `token`. */
  app?: AppCredential
  /**
   * Resolves at the next change on the fake GitHub, or at once if no workflow runs there. The next pass begins then: the runner must
   * see checks that are queued or half done, as it does on GitHub.
   */
  nextChange: () => Promise<void>
  /** Called after each pass; true ends the run. It may also act for people. */
  until: (harness: TaskHarness) => boolean | Promise<boolean>
  /** Whether the runner crashes before this effect. A crash also loses its unsent reports. */
  crashesAt?: (step: string) => boolean
  onStep?: (step: string) => void
}

let ids = 0

/** Runs one runner with the real GitHub adapter. Resolves to true once `until` holds, to false when the runner crashed. */
export async function runReconciler(
  harness: TaskHarness,
  { apiUrl, token, app, nextChange, until, crashesAt = () => false, onStep }: ReconcilerRun,
): Promise<boolean> {
  const stop = new AbortController()
  let passes = 0
  let time = Date.now()
  let done = false
  let unsent: Report[] = []
  const now = () => time
  try {
    await reconcile(
      {
        edgeConnection: {
          desired: harness.desired,
          takePollRequests: () => new Set(),
          report: report => void unsent.push(report),
          isReporting: () => unsent.length > 0,
          sendLog: async () => 0,
        },
        executor: harness.executor,
        ledger: createLedger({ dayBudgetUsd: 1000, now }),
        github: createGitHub({ token, app, apiUrl, secondMs: 1, checkTimeouts: { quietMs: 0, beginMs: 0 } }),
        composePrompt,
        wake: {
          up: () => undefined,
          wait: async () => {
            await setImmediate()
            unsent.forEach(harness.apply)
            unsent = []
            await nextChange()
            // So much time passes between two passes that every poll is due.
            time += 600_000
            passes += 1
            if (passes > MAX_PASSES)
              throw new Error(`still ${harness.task().state.status} after ${MAX_PASSES} passes: ${harness.announcements.join(' ')}`)
            done = await until(harness)
            if (done)
              stop.abort()
          },
        },
        slots: 1,
        person: null,
        pollMs: 10,
        quietMs: 0,
        deadlineSeconds: 60,
        checkoutMb: 100,
        now,
        newId: () => String(ids++),
        onStep: (step) => {
          onStep?.(step)
          if (crashesAt(step)) {
            stop.abort()
            throw new Crash()
          }
        },
        bug: (error) => {
          if (!(error instanceof Crash))
            throw error
        },
      },
      stop.signal,
    )
  }
  catch (error) {
    if (!(error instanceof Crash))
      throw error
  }
  return done
}
