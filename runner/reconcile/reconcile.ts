import type { RunnerEvent } from '#shared/model/task-event.ts'
import type { DesiredTask } from '#shared/protocol/runner.ts'
import type { EdgeConnection } from '../edge-connection/edge-connection.ts'
import type { Executor, Job } from '../executor/executor.ts'
import type { Allowance, Ledger } from '../gateway/ledger.ts'
import type { GitHub } from '../github/github.ts'
import type { Wake } from '../lib/wake.ts'
import type { ApplyContext } from './apply-context.ts'
import type { PollState } from './poll-state.ts'
import { apply } from './apply.ts'
import { decide } from './decide.ts'
import { createLogForwarder } from './forward-logs.ts'
import { observe } from './observe.ts'
import { createPollState } from './poll-state.ts'
import { reportId } from './report-id.ts'

export interface ReconcileDeps {
  edgeConnection: Pick<EdgeConnection, 'desired' | 'takePollRequests' | 'report' | 'isReporting' | 'sendLog'>
  executor: Executor
  /** The model gateway's: it serves only the attempts that the reconciler admits. */
  ledger: Pick<Ledger, 'admit' | 'globalStop' | 'spent' | 'refusal'>
  github: GitHub
  composePrompt: ApplyContext['composePrompt']
  wake: Wake
  slots: number
  person: ApplyContext['person']
  pollMs: number
  quietMs: number
  deadlineSeconds: number
  checkoutMb: number
  now: () => number
  newId: () => string
  /** Called before every effect with its name, so that tests can interrupt the runner there. */
  onStep?: (step: string) => void
  /** Logs a failure that the code should have prevented; the loop goes on. */
  bug: (error: unknown, doing: string) => void
}

/**
 * Brings about the desired tasks until the signal aborts; workers run on without it. It may die between any two
 * effects, because it can learn all its state again from the edge, the executor and GitHub.
 */
export async function reconcile(deps: ReconcileDeps, signal: AbortSignal): Promise<void> {
  const pollState = createPollState(deps)
  const pass = createPass(deps, pollState, signal)
  // asleep → observing → deciding → acting → asleep, until aborted
  while (!signal.aborted) {
    const begun = deps.now()
    await pass()
    await deps.wake.wait(pollState.nextPollDelay(begun), signal)
  }
}

function createPass(deps: ReconcileDeps, pollState: PollState, signal: AbortSignal): () => Promise<void> {
  const { edgeConnection, executor, ledger, now } = deps
  const step = (what: string) => deps.onStep?.(what)
  const logs = createLogForwarder({
    executor,
    sendLog: edgeConnection.sendLog,
    ended: deps.wake.up,
    failed: (job, error) => deps.bug(error, `read the log of ${job}`),
  })
  const isStopped = () => signal.aborted || edgeConnection.desired() === null

  function report(task: DesiredTask, event: RunnerEvent): void {
    if (!pollState.isNew(task, event))
      return
    step(`report ${event.kind} ${task.id}`)
    edgeConnection.report({ id: reportId(task.id, event, deps.newId), task: task.id, event })
  }

  return async () => {
    const desired = edgeConnection.desired()
    if (!desired)
      return
    pollState.keep(desired)
    edgeConnection.takePollRequests().forEach(pollState.pollSoon)
    const jobs = await observe(deps)
    if (isStopped())
      return
    ledger.admit(allowances(desired, jobs))
    if (!('unreachable' in jobs))
      logs.follow(jobs, signal)

    const actions = decide(desired, {
      jobs,
      slots: deps.slots,
      now: now(),
      isReporting: edgeConnection.isReporting,
      notBefore: pollState.notBefore,
      hasLog: logs.has,
      spent: ledger.spent,
    })
    for (const action of actions) {
      if (isStopped())
        return
      // The edge changed the task meanwhile, perhaps by a cancel: the next pass begins at once and sees it.
      if ('task' in action && !edgeConnection.desired()?.includes(action.task))
        continue
      await apply(action, { ...deps, globalStop: ledger.globalStop, pollState, report, step, forgetLog: logs.forget })
    }
  }
}

/** The attempts that may ask the model, with their budgets. An attempt whose Job cannot be listed may go on. */
function allowances(desired: readonly DesiredTask[], jobs: readonly Job[] | { unreachable: string }): Allowance[] {
  const ended = 'unreachable' in jobs ? [] : jobs.filter(({ result }) => result !== null)
  const endedKeys = new Set(ended.map(({ task, attempt }) => `${task}/${attempt}`))
  return desired.flatMap(({ id, work, spent }) => {
    if (work.do !== 'attempt')
      return []
    const { attempt, budgetUsd } = work
    return [{ task: id, attempt, budgetUsd, spent, ended: endedKeys.has(`${id}/${attempt}`) }]
  })
}
