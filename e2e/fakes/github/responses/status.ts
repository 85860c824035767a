import type { Links } from '../links.ts'
import type { CommitStatus, Repository } from '../state.ts'
import { nodeId, repositoryApi } from '../links.ts'
import { minimalRepositoryResponse } from './repository.ts'
import { userResponse } from './user.ts'

export function statusResponse(links: Links, repository: Repository, status: CommitStatus) {
  return { ...simpleStatusResponse(links, repository, status), creator: userResponse(links, status.creator) }
}

interface Source {
  links: Links
  repository: Repository
  sha: string
  /** The newest of each context. */
  statuses: readonly CommitStatus[]
}

/** Combines all statuses of a commit into one by GitHub's rules. */
export function combinedStatusResponse({ links, repository, sha, statuses }: Source) {
  const api = repositoryApi(links, repository)
  return {
    state: combine(statuses),
    statuses: statuses.map(status => simpleStatusResponse(links, repository, status)),
    sha,
    total_count: statuses.length,
    repository: minimalRepositoryResponse(links, repository),
    commit_url: `${api}/commits/${sha}`,
    url: `${api}/commits/${sha}/status`,
  }
}

function combine(statuses: readonly CommitStatus[]): 'failure' | 'pending' | 'success' {
  if (statuses.some(({ state }) => state === 'error' || state === 'failure'))
    return 'failure'
  return statuses.length > 0 && statuses.every(({ state }) => state === 'success') ? 'success' : 'pending'
}

function simpleStatusResponse(links: Links, repository: Repository, { id, sha, context, state, description, createdAt }: CommitStatus) {
  return {
    id,
    node_id: nodeId('SC', id),
    url: `${repositoryApi(links, repository)}/statuses/${sha}`,
    avatar_url: null,
    context,
    state,
    description,
    target_url: null,
    created_at: createdAt.toISOString(),
    updated_at: createdAt.toISOString(),
  }
}
