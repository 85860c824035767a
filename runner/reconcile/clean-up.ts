import type { DesiredTask } from '#shared/protocol/runner.ts'
import type { CleanUp } from '../github/github.ts'
import type { ApplyDeps } from './apply.ts'
import { GitHubError } from '../github/github.ts'
import { askGitHub } from './blocked.ts'

/** What a task that is over left on GitHub is gone. What may not be touched any more is not waited for. */
export async function cleanUp({ task, after }: { task: DesiredTask, after: CleanUp['after'] }, { github, step, say }: ApplyDeps): Promise<void> {
  const { repository, branch, pull, issue } = task
  step(`clean-up ${task.id}`)
  await askGitHub(async () => {
    try {
      await github.cleanUp({ task: task.id, repository, branch, pull: pull?.number ?? null, issue: issue?.number ?? null, after })
    }
    catch (error) {
      if (!(error instanceof GitHubError) || (error.kind !== 'not-found' && error.kind !== 'no-access'))
        throw error
    }
  })
  say(task, { kind: 'cleaned' })
}
