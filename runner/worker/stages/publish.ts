import type { GitAccess, InputOf, Log, StageOutcome, StageTools } from '../../job/stage-protocol.ts'
import type { PublishRepository } from '../git/publish-repository.ts'
import type { Change } from '../patch/publish-flags.ts'
import { wipRef } from '../../job/wip-ref.ts'
import { commitMessage, madeBy } from '../git/commit-message.ts'
import { gitMessage } from '../git/explain-git-failure.ts'
import { GitError } from '../git/git.ts'
import { openPublishRepository } from '../git/publish-repository.ts'
import { publishFlags } from '../patch/publish-flags.ts'

/**
 * Commits the changes of the workspace on top of `from.start` and pushes them to the task's branch, never by force.
 * If an earlier run pushed the same changes and was not recorded, it reports that commit.
 */
export async function publish(input: InputOf<'publish'>, { log, signal }: StageTools): Promise<StageOutcome> {
  const { spec, folder, git: access, from, work: { usage, summary }, modelSecrets } = input
  const branch = `refs/heads/${spec.branch}`
  const failed = (reason: string): StageOutcome => ({ outcome: 'failed', kind: 'publish', reason, usage })
  const unchanged = (text: string): StageOutcome => ({ outcome: 'unchanged', summary: text, usage })
  const published = (head: string, flags: string[]): StageOutcome =>
    ({ outcome: 'published', head, summary, flags, usage })
  try {
    const repository = await openPublishRepository({ spec, folder, git: access }, signal)
    await repository.fetch(from.start)
    const { tree, leftOut, changes } = await repository.snapshot(from.start)
    for (const path of leftOut)
      log('error', `Left out ${path}: it is a repository of its own`)

    const { merging } = from
    if (merging !== undefined) {
      await repository.fetch(merging)
      const unresolved = await repository.pathsWith(tree, CONFLICT_MARKERS)
      if (unresolved.length > 0)
        return unchanged(`Conflicts are left in ${listPaths(unresolved)}, so nothing was pushed. ${summary}`)
    }
    if (changes.length === 0 && merging === undefined) {
      await deleteWip(repository, input, log)
      return unchanged(summary)
    }
    const flags = await findFlags(repository, { start: from.start, merging, tree, changes })

    const leaks = await repository.pathsWith(tree, modelSecrets)
    if (leaks.length > 0) {
      return failed(`Nothing was pushed: the model's credential stands in ${listPaths(leaks)}. `
        + 'Replace the credential if it may have been seen.')
    }

    const tip = await repository.remote(branch)
    if (tip !== (from.onBranch ? from.start : null)) {
      const isSame = tip !== null && (await isOwnCommit(repository, tip, { spec, tree }))
      return isSame ? published(tip, flags) : failed(movedOn(spec.branch, tip))
    }

    const parents = merging === undefined ? [from.start] : [from.start, merging]
    const head = await repository.commit(tree, parents, commitMessage(spec, summary))
    await push(repository, head, branch)
    await deleteWip(repository, input, log)
    const files = changes.length === 1 ? '1 file' : `${changes.length} files`
    log('info', `Pushed ${head.slice(0, 7)} to ${spec.branch}: ${files}`)
    return published(head, flags)
  }
  catch (error) {
    if (!(error instanceof GitError))
      throw error
    return failed(refusal(spec.repository, spec.branch, access, error.stderr))
  }
}

async function push(repository: PublishRepository, head: string, branch: string): Promise<void> {
  try {
    await repository.publishRefs([`${head}:${branch}`])
  }
  catch (error) {
    // The connection may have failed after the server accepted the push.
    if (!(error instanceof GitError) || (await repository.remote(branch)) !== head)
      throw error
  }
}

interface Snapshot { start: string, merging: string | undefined, tree: string, changes: readonly Change[] }

async function findFlags(repository: PublishRepository, { start, merging, tree, changes }: Snapshot) {
  if (merging === undefined)
    return publishFlags(changes, await repository.patch(start, tree))
  // In a merge, only files that differ from both parents are the agent's.
  const own = onlySamePaths(changes, await repository.changes(merging, tree))
  const patch = await repository.patch(merging, tree)
  return publishFlags(own, patch === null ? null : onlySamePaths(patch, own))
}

/** Whether this attempt made the commit, with the same files. */
async function isOwnCommit(
  repository: PublishRepository,
  commit: string,
  { spec, tree }: { spec: InputOf<'publish'>['spec'], tree: string },
): Promise<boolean> {
  await repository.fetch(commit)
  const made = madeBy(await repository.message(commit))
  return (
    made?.task === spec.task
    && made.attempt === spec.attempt
    && (await repository.git(['rev-parse', `${commit}^{tree}`])).trim() === tree
  )
}

/** Deletes the wip ref, whose changes are now in the branch. If it stays, it does no harm: it fits one commit only. */
async function deleteWip(
  repository: PublishRepository,
  { spec, from: { wip } }: InputOf<'publish'>,
  log: Log,
): Promise<void> {
  if (wip === null)
    return
  const ref = wipRef(spec.task)
  try {
    await repository.publishRefs([`:${ref}`], [`--force-with-lease=${ref}:${wip}`])
  }
  catch (error) {
    if (!(error instanceof GitError))
      throw error
    log('error', `The unfinished work of the earlier attempt is still at ${ref}: ${gitMessage(error.stderr)}`)
  }
}

function onlySamePaths<T extends { path: string }>(items: readonly T[], others: readonly Change[]): T[] {
  const paths = new Set(others.map(({ path }) => path))
  return items.filter(({ path }) => paths.has(path))
}

/** Git's first and last line of a conflict; the middle one is too common in prose. */
const CONFLICT_MARKERS = ['<<<<<<< HEAD', '>>>>>>> refs/remotes/origin/']

/** More paths would not fit one sentence. */
const MAX_LISTED = 5

function listPaths(paths: readonly string[]): string {
  return paths.slice(0, MAX_LISTED).join(', ')
}

function movedOn(branch: string, tip: string | null): string {
  return tip === null
    ? `The branch ${branch} was deleted on GitHub while the agent worked, so nothing was pushed. `
    + 'Try again to begin at the base.'
    : `Somebody else pushed ${tip.slice(0, 7)} to ${branch} while the agent worked, so nothing was pushed. `
      + 'Try again to begin at the new commit.'
}

function refusal(repository: string, branch: string, { token }: GitAccess, stderr: string): string {
  const words = gitMessage(stderr) || 'git said nothing'
  return token === null
    ? `The runner has no GitHub token, so it cannot push to ${repository}. Set GITHUB_TOKEN. Git said: ${words}`
    : `${repository} did not take the push to ${branch}: ${words}`
}
