import type { AppCredential } from '../../runner/config/config.ts'
import type { Report, TaskHarness } from './task-harness.ts'
import { setImmediate } from 'node:timers/promises'
import { createLedger } from '../../runner/gateway/ledger.ts'
import { createGitHub } from '../../runner/github/octokit.ts'
import { composePrompt } from '../../runner/reconcile/compose-prompt.ts'
import { reconcile } from '../../runner/reconcile/reconcile.ts'

/** Enough for the longest story with many deaths; more would mean that it never ends. */
const MAX_PASSES = 400

class Crashed extends Error {}

export interface ReconcilerRun {
  apiUrl: string
  token?: string
  /** Instead of a token. */
  app?: AppCredential
  /** Settles when nothing outside is under way, workflows say; then the runner looks again. */
  idle: () => Promise<void>
  /** Ends the life; may do what people do meanwhile. */
  until: (harness: TaskHarness) => boolean | Promise<boolean>
  /** Whether it dies before this effect. Reports it had not delivered die with it. */
  crashesAt?: (step: string) => boolean
  onStep?: (step: string) => void
}

let ids = 0

/** One life of a runner with the real GitHub adapter. True when `until` came to hold, false when it died. */
export async function runReconciler(
  harness: TaskHarness,
  { apiUrl, token, app, idle, until, crashesAt = () => false, onStep }: ReconcilerRun,
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
            await idle()
            // Every pass is far enough from the last that everything is due.
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
            throw new Crashed()
          }
        },
        bug: (error) => {
          if (!(error instanceof Crashed))
            throw error
        },
      },
      stop.signal,
    )
  }
  catch (error) {
    if (!(error instanceof Crashed))
      throw error
  }
  return done
}
