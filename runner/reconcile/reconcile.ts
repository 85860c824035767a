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
  /** Of the model gateway: it lets in whom the reconciler admits. */
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
  /** Called between every two effects, with the next one. */
  onStep?: (step: string) => void
  /** Something that should not happen did; the loop goes on. */
  bug: (error: unknown, doing: string) => void
}

/**
 * Makes what exists what is desired, until the signal aborts; workers go on without it. Keeps nothing that
 * it could not learn again from the edge, the executor and GitHub, so it may die between any two effects.
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
      // The edge said something else meanwhile, a cancel perhaps: the next pass begins at once and sees it.
      if ('task' in action && !edgeConnection.desired()?.includes(action.task))
        continue
      await apply(action, { ...deps, globalStop: ledger.globalStop, pollState, report, step, forgetLog: logs.forget })
    }
  }
}

/** Which attempts may ask the model, and for how much. An attempt whose Job cannot be seen may go on. */
function allowances(desired: readonly DesiredTask[], jobs: readonly Job[] | { unreachable: string }): Allowance[] {
  const ended = new Set(
    'unreachable' in jobs
      ? []
      : jobs.filter(({ result }) => result !== null).map(({ task, attempt }) => `${task}/${attempt}`),
  )
  return desired.flatMap(({ id, work, spent }) => work.do === 'attempt'
    ? [{ task: id, attempt: work.attempt, budgetUsd: work.budgetUsd, spent, ended: ended.has(`${id}/${work.attempt}`) }]
    : [])
}
