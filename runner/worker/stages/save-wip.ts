import type { InputOf, StageOutcome, StageTools } from '../../job/stage-protocol.ts'
import { wipRef } from '../../job/wip-ref.ts'
import { commitMessage } from '../git/commit-message.ts'
import { gitMessage } from '../git/explain-git-failure.ts'
import { GitError } from '../git/git.ts'
import { openPublishRepository } from '../git/publish-repository.ts'

/**
 * Saves what the workspace of an interrupted attempt holds, by the same rules as a publication,
 * where the next attempt finds it. What somebody else saved there meanwhile stays. That it
 * could not be saved is said in the log and changes nothing about how the attempt ended.
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
    const commit = await repository.commit(
      tree,
      [from.start],
      commitMessage({ ...spec, title: `Unfinished: ${spec.title}` }, ''),
    )
    await repository.publishRefs([`${commit}:${ref}`], [`--force-with-lease=${ref}:${from.wip ?? ''}`])
    log(
      'info',
      `Kept the unfinished work, ${changes.length} ${changes.length === 1 ? 'file' : 'files'}, for the next attempt`,
    )
  }
  catch (error) {
    if (!(error instanceof GitError))
      throw error
    log('error', `The unfinished work was not kept: ${gitMessage(error.stderr) || 'git said nothing'}`)
  }
  return { outcome: 'saved' }
}
