import { must } from '#shared/lib/must.ts'

/** Splits `owner/name` into Octokit's parameters. */
export function repoParams(repository: string) {
  const [owner, repo] = repository.split('/')
  return { owner: must(owner, 'the owner of a repository name'), repo: must(repo, 'the name of a repository') }
}

export type RepoParams = ReturnType<typeof repoParams>
