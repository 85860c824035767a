import { must } from '#shared/lib/must.ts'

/** A repository as Octokit's parameters name it. */
export function repoParams(repository: string) {
  const [owner, repo] = repository.split('/')
  return { owner: must(owner, 'the owner of a repository name'), repo: must(repo, 'the name of a repository') }
}

export type RepoParams = ReturnType<typeof repoParams>
