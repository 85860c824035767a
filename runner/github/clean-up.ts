import type { Octokit } from '@octokit/rest'
import type { CleanUp } from './github.ts'
import type { RepoParams } from './repo-params.ts'
import { RequestError } from '@octokit/request-error'
import { wipRef } from '../job/wip-ref.ts'

/** Implements `GitHub.cleanUp`. It succeeds if a person has already closed or deleted something. */
export async function cleanUp(
  { rest }: Octokit,
  repo: RepoParams,
  { task, branch, pull, issue, after }: CleanUp,
): Promise<void> {
  if (pull !== null && after === 'cancelled')
    await rest.pulls.update({ ...repo, pull_number: pull, state: 'closed' })
  if (issue !== null) {
    await unlessGone(() =>
      rest.issues.update({
        ...repo,
        issue_number: issue,
        state: 'closed',
        state_reason: after === 'merged' ? 'completed' : 'not_planned',
      }),
    )
  }
  await unlessGone(() => rest.git.deleteRef({ ...repo, ref: `heads/${branch}` }))
  await unlessGone(() => rest.git.deleteRef({ ...repo, ref: wipRef(task).replace(/^refs\//, '') }))
}

async function unlessGone(act: () => Promise<unknown>): Promise<void> {
  try {
    await act()
  }
  catch (error) {
    // GitHub answers 422 for a branch that does not exist.
    if (!(error instanceof RequestError) || ![404, 410, 422].includes(error.status))
      throw error
  }
}
