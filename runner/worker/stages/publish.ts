import type { FailureKind } from '#shared/model/task.ts'
import type { CheckedOut, GitAccess, InputOf, StageOutcome, StageTools } from '../../job/stage-protocol.ts'
import type { PublishRepository } from '../git/publish-repository.ts'
import type { Change } from '../patch/publish-flags.ts'
import { wipRef } from '../../job/wip-ref.ts'
import { commitMessage, madeBy } from '../git/commit-message.ts'
import { gitMessage } from '../git/explain-git-failure.ts'
import { GitError } from '../git/git.ts'
import { openPublishRepository } from '../git/publish-repository.ts'
import { publishFlags } from '../patch/publish-flags.ts'

/**
 * Commits what the workspace holds onto the commit the agent began at and pushes it to the task's branch,
 * never by force. Run again after a push that nobody recorded, it finds its own commit and reports it.
 */
export async function publish(
  { spec, folder, git: access, from, work, modelSecrets }: InputOf<'publish'>,
  { log, signal }: StageTools,
): Promise<StageOutcome> {
  const { usage, summary } = work
  const branch = `refs/heads/${spec.branch}`
  const failed = (kind: FailureKind, reason: string): StageOutcome => ({ outcome: 'failed', kind, reason, usage })
  const published = (head: string, flags: string[]): StageOutcome => ({
    outcome: 'published',
    head,
    summary,
    flags,
    usage,
  })
  try {
    const repository = await openPublishRepository({ spec, folder, git: access }, signal)
    await repository.fetch(from.start)
    const { tree, leftOut, changes } = await repository.snapshot(from.start)
    for (const path of leftOut) log('error', `Left out ${path}: it is a repository of its own`)

    const { merging } = from
    if (merging !== undefined) {
      await repository.fetch(merging)
      const unresolved = await repository.pathsWith(tree, CONFLICT_MARKS)
      if (unresolved.length > 0) {
        return {
          outcome: 'unchanged',
          summary: `Conflicts are left in ${unresolved.slice(0, MAX_NAMED).join(', ')}, so nothing was pushed. ${summary}`,
          usage,
        }
      }
    }
    if (changes.length === 0 && merging === undefined) {
      await deleteWip(repository, from)
      return { outcome: 'unchanged', summary, usage }
    }
    // In a merge only what differs from both sides is the agent's.
    const own = merging === undefined ? changes : among(changes, await repository.changes(merging, tree))
    const patch = await repository.patch(merging ?? from.start, tree)
    const flags = publishFlags(own, merging === undefined || patch === null ? patch : among(patch, own))

    const leaks = await repository.pathsWith(tree, modelSecrets)
    if (leaks.length > 0) {
      return failed(
        'publish',
        `Nothing was pushed: the model's credential stands in ${leaks.slice(0, MAX_NAMED).join(', ')}. Replace the credential if it may have been seen.`,
      )
    }

    const tip = await repository.remote(branch)
    if (tip !== (from.onBranch ? from.start : null)) {
      const same = tip !== null && (await isOurs(repository, tip, tree))
      return same ? published(tip, flags) : failed('publish', movedOn(spec.branch, tip))
    }

    const head = await repository.commit(
      tree,
      merging === undefined ? [from.start] : [from.start, merging],
      commitMessage(spec, summary),
    )
    try {
      await repository.publishRefs([`${head}:${branch}`])
    }
    catch (error) {
      // A connection can break after the server took the push.
      if (!(error instanceof GitError) || (await repository.remote(branch)) !== head)
        throw error
    }
    await deleteWip(repository, from)
    log(
      'info',
      `Pushed ${head.slice(0, 7)} to ${spec.branch}: ${changes.length} ${changes.length === 1 ? 'file' : 'files'}`,
    )
    return published(head, flags)
  }
  catch (error) {
    if (!(error instanceof GitError))
      throw error
    return failed('publish', refusal(spec.repository, spec.branch, access, error.stderr))
  }

  async function isOurs(repository: PublishRepository, commit: string, tree: string): Promise<boolean> {
    await repository.fetch(commit)
    const made = madeBy(await repository.message(commit))
    return (
      made?.task === spec.task
      && made.attempt === spec.attempt
      && (await repository.git(['rev-parse', `${commit}^{tree}`])).trim() === tree
    )
  }

  /**
   * What was unfinished is now in the branch. Left behind it would do no harm: it fits only the commit it was made on.
   */
  async function deleteWip(repository: PublishRepository, { wip }: CheckedOut): Promise<void> {
    if (wip === null)
      return
    try {
      await repository.publishRefs(
        [`:${wipRef(spec.task)}`],
        [`--force-with-lease=${wipRef(spec.task)}:${wip}`],
      )
    }
    catch (error) {
      if (!(error instanceof GitError))
        throw error
      log(
        'error',
        `The unfinished work of the earlier attempt is still at ${wipRef(spec.task)}: ${gitMessage(error.stderr)}`,
      )
    }
  }
}

/** What is about a file of the others. */
function among<T extends { path: string }>(some: readonly T[], others: readonly Change[]): T[] {
  const paths = new Set(others.map(({ path }) => path))
  return some.filter(({ path }) => paths.has(path))
}

/** What git writes around a conflict; the middle line is too common in prose. */
const CONFLICT_MARKS = ['<<<<<<< HEAD', '>>>>>>> refs/remotes/origin/']

/** How many files a sentence can hold. */
const MAX_NAMED = 5

function movedOn(branch: string, tip: string | null): string {
  return tip === null
    ? `The branch ${branch} was deleted on GitHub while the agent worked, so nothing was pushed. Try again to begin at the base.`
    : `Somebody else pushed ${tip.slice(0, 7)} to ${branch} while the agent worked, so nothing was pushed. Try again to begin at the new commit.`
}

function refusal(repository: string, branch: string, { token }: GitAccess, stderr: string): string {
  const words = gitMessage(stderr) || 'git said nothing'
  return token === null
    ? `The runner has no GitHub token, so it cannot push to ${repository}. Set GITHUB_TOKEN. Git said: ${words}`
    : `${repository} did not take the push to ${branch}: ${words}`
}
