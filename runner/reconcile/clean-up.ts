import type { DesiredTask } from '#shared/protocol/runner.ts'
import type { CleanUp } from '../github/github.ts'
import type { ApplyContext } from './apply-context.ts'
import { GitHubError } from '../github/github.ts'
import { callGitHub } from './blocked-error.ts'

/**
 * Removes what a finished task left on GitHub and reports it as cleaned up. A repository that is gone or no
 * longer accessible counts as clean, because waiting for access would keep the task for ever.
 */
export async function cleanUp(
  { task, after }: { task: DesiredTask, after: CleanUp['after'] },
  { github, step, report }: ApplyContext,
): Promise<void> {
  const { repository, branch, pull, issue } = task
  step(`clean-up ${task.id}`)
  await callGitHub(async () => {
    try {
      await github.cleanUp({
        task: task.id,
        repository,
        branch,
        pull: pull?.number ?? null,
        issue: issue?.number ?? null,
        after,
      })
    }
    catch (error) {
      if (!(error instanceof GitHubError) || (error.kind !== 'not-found' && error.kind !== 'no-access'))
        throw error
    }
  })
  report(task, { kind: 'cleaned' })
}
