import type { Verdict } from '#shared/model/task-event.ts'
import type { PullRequest } from '#shared/model/task.ts'
import type { DesiredTask } from '#shared/protocol/runner.ts'
import type { ApplyContext } from './apply-context.ts'
import { callGitHub } from './blocked-error.ts'
import { pullText } from './pull-text.ts'

interface PullWrite {
  task: DesiredTask
  pull: PullRequest
  head: string
  verdict: Verdict
  /** Whether the pull request becomes ready for review. */
  ready: boolean
}

/**
 * The one step that writes to the pull request: it comes after the verdict on a head, because each write may start
 * workflows (`edited`, `ready_for_review`), which would be waited for and make the next write. A person who makes the
 * pull request a draft again is not overruled. The text comes last, so that a refused one delays nothing else.
 */
export async function writePull({ task, pull, head, verdict, ready }: PullWrite, deps: ApplyContext): Promise<void> {
  const { github, pollState, step } = deps
  const { repository } = task
  if (ready && pull.draft && verdict.kind !== 'failed' && pollState.mayWrite(task, head, 'ready')) {
    step(`ready #${pull.number}`)
    await callGitHub(() => github.markReady(repository, pull.number))
    pollState.wrote(task, head, 'ready')
    deps.report(task, { kind: 'pull', pull: { ...pull, draft: false } })
  }
  if (verdict.kind !== 'pending' && pollState.mayWrite(task, head, 'text', verdict.kind)) {
    step(`pull-text #${pull.number}`)
    await callGitHub(() => github.updatePullText(repository, pull.number, pullText(task, head, verdict)))
    pollState.wrote(task, head, 'text', verdict.kind)
  }
}
