import type { InputOf, StageOutcome, StageTools } from '../../job/stage-protocol.ts'
import { wipRef } from '../../job/wip-ref.ts'
import { commitMessage } from '../git/commit-message.ts'
import { gitMessage } from '../git/explain-git-failure.ts'
import { GitError } from '../git/git.ts'
import { openPublishRepository } from '../git/publish-repository.ts'

/**
 * Commits the changes of an interrupted attempt to the wip ref for the next attempt, by the same rules as a
 * publication. It does not overwrite a newer commit there. A failure is logged and does not change the result.
 */
export async function saveWip(
  { spec, folder, git, from, modelSecrets }: InputOf<'save-wip'>,
  { log, signal }: StageTools,
): Promise<StageOutcome> {
  const ref = wipRef(spec.task)
  try {
    const repository = await openPublishRepository({ spec, folder, git }, signal)
    await repository.fetch(from.start)
    const { tree, changes } = await repository.snapshot(from.start)
    if (changes.length === 0)
      return { outcome: 'saved' }
    if ((await repository.pathsWith(tree, modelSecrets)).length > 0) {
      log('error', 'The unfinished work was not kept: the model\'s credential stands in it')
      return { outcome: 'saved' }
    }
    const message = commitMessage({ ...spec, title: `Unfinished: ${spec.title}` }, '')
    const commit = await repository.commit(tree, [from.start], message)
    await repository.publishRefs([`${commit}:${ref}`], [`--force-with-lease=${ref}:${from.wip ?? ''}`])
    const files = changes.length === 1 ? '1 file' : `${changes.length} files`
    log('info', `Kept the unfinished work, ${files}, for the next attempt`)
  }
  catch (error) {
    if (!(error instanceof GitError))
      throw error
    log('error', `The unfinished work was not kept: ${gitMessage(error.stderr) || 'git said nothing'}`)
  }
  return { outcome: 'saved' }
}
