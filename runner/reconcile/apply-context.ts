import type { RunnerEvent } from '#shared/model/task-event.ts'
import type { DesiredTask } from '#shared/protocol/runner.ts'
import type { Executor } from '../executor/executor.ts'
import type { Ledger } from '../gateway/ledger.ts'
import type { GitHub } from '../github/github.ts'
import type { Person } from '../job/person.ts'
import type { PollState } from './poll-state.ts'

/** Everything the actions of one pass work with. */
export interface ApplyContext {
  executor: Executor
  github: GitHub
  /** Why no task may ask the model now, if so. */
  globalStop: Ledger['globalStop']
  pollState: PollState
  /** Reports what is new about a task to the edge. */
  report: (task: DesiredTask, event: RunnerEvent) => void
  /** The Job is about to be removed: nothing more of its log is wanted. */
  forgetLog: (job: string) => void
  /** `changes`: what its pull request changes so far; null when there is none or it does not matter. */
  composePrompt: (task: DesiredTask, changes: string | null) => string
  /** Whom commits name as co-author; null: whose token it is. */
  person: Person | null
  deadlineSeconds: number
  checkoutMb: number
  pollMs: number
  quietMs: number
  now: () => number
  /** Called before every effect, with what it is. */
  step: (what: string) => void
  bug: (error: unknown, doing: string) => void
}
