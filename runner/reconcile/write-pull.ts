import type { Verdict } from '#shared/model/task-event.ts'
import type { PullRequest } from '#shared/model/task.ts'
import type { DesiredTask } from '#shared/protocol/runner.ts'
import type { ApplyContext } from './apply-context.ts'
import { callGitHub } from './blocked-error.ts'
import { pullText } from './pull-text.ts'

// All that is written to a pull request comes after the verdict on a head, once for each head: a write may start
// workflows (`edited`, `ready_for_review`), which would be waited for and make the next write.

export interface PullWrite {
  task: DesiredTask
  pull: PullRequest
  head: string
  verdict: Verdict
}

/** Takes the pull request out of draft. A person who makes it a draft again is not overruled. */
export async function leaveDraft({ task, pull, head, verdict }: PullWrite, deps: ApplyContext): Promise<void> {
  if (!pull.draft || verdict.kind === 'failed' || !deps.pollState.mayWrite(task, head, 'ready'))
    return
  deps.step(`ready #${pull.number}`)
  await callGitHub(() => deps.github.markReady(task.repository, pull.number))
  deps.pollState.wrote(task, head, 'ready')
  deps.report(task, { kind: 'pull', pull: { ...pull, draft: false } })
}

/** Writes the verdict into the description. Called last, so that a refused text delays nothing else. */
export async function writeText({ task, pull, head, verdict }: PullWrite, deps: ApplyContext): Promise<void> {
  if (verdict.kind === 'pending' || !deps.pollState.mayWrite(task, head, 'text', verdict.kind))
    return
  deps.step(`pull-text #${pull.number}`)
  await callGitHub(() => deps.github.updatePullText(task.repository, pull.number, pullText(task, head, verdict)))
  deps.pollState.wrote(task, head, 'text', verdict.kind)
}
