import type { Links } from '../links.ts'
import type { Level, Repository } from '../state.ts'
import { cloneUrl, nodeId, repositoryApi, repositoryPage } from '../links.ts'
import { userResponse } from './user.ts'

/** The form of a repository inside workflow runs and statuses. */
export function minimalRepositoryResponse(links: Links, repository: Repository) {
  const { id, name, fullName, owner } = repository
  const url = repositoryApi(links, repository)
  return {
    id,
    node_id: nodeId('R', id),
    name,
    full_name: fullName,
    owner: userResponse(links, owner),
    private: repository.private,
    html_url: repositoryPage(links, repository),
    description: null,
    fork: false,
    url,
    ...Object.fromEntries(Object.entries(ENDPOINTS).map(([key, path]) => [`${key}_url`, url + path])),
  }
}

/** The form of a repository inside pull requests. */
export function repositoryResponse(links: Links, repository: Repository) {
  const { fullName } = repository
  const open = repository.pulls.filter(pull => pull.state === 'open').length
  return {
    ...minimalRepositoryResponse(links, repository),
    clone_url: cloneUrl(links, repository),
    git_url: `git:${cloneUrl(links, repository).replace(/^https?:/, '')}`,
    ssh_url: `git@github.com:${fullName}.git`,
    svn_url: repositoryPage(links, repository),
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    default_branch: repository.defaultBranch,
    archived: repository.archived,
    disabled: false,
    has_downloads: true,
    has_issues: true,
    has_pages: false,
    has_projects: true,
    has_wiki: true,
    forks: 0,
    forks_count: 0,
    open_issues: open,
    open_issues_count: open,
    size: 0,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    created_at: repository.createdAt.toISOString(),
    updated_at: repository.pushedAt.toISOString(),
    pushed_at: repository.pushedAt.toISOString(),
  }
}

/** The full form of a repository, for a request by name. */
export function fullRepositoryResponse(links: Links, repository: Repository, level: Level) {
  return {
    ...repositoryResponse(links, repository),
    has_discussions: false,
    network_count: 0,
    subscribers_count: 0,
    permissions: { admin: false, maintain: false, push: level === 'write', triage: level === 'write', pull: true },
  }
}

/** Paths of the fields `<name>_url` that GitHub lists for every repository. */
const ENDPOINTS = {
  archive: '/{archive_format}{/ref}',
  assignees: '/assignees{/user}',
  blobs: '/git/blobs{/sha}',
  branches: '/branches{/branch}',
  collaborators: '/collaborators{/collaborator}',
  comments: '/comments{/number}',
  commits: '/commits{/sha}',
  compare: '/compare/{base}...{head}',
  contents: '/contents/{+path}',
  contributors: '/contributors',
  deployments: '/deployments',
  downloads: '/downloads',
  events: '/events',
  forks: '/forks',
  git_commits: '/git/commits{/sha}',
  git_refs: '/git/refs{/sha}',
  git_tags: '/git/tags{/sha}',
  hooks: '/hooks',
  issue_comment: '/issues/comments{/number}',
  issue_events: '/issues/events{/number}',
  issues: '/issues{/number}',
  keys: '/keys{/key_id}',
  labels: '/labels{/name}',
  languages: '/languages',
  merges: '/merges',
  milestones: '/milestones{/number}',
  notifications: '/notifications{?since,all,participating}',
  pulls: '/pulls{/number}',
  releases: '/releases{/id}',
  stargazers: '/stargazers',
  statuses: '/statuses/{sha}',
  subscribers: '/subscribers',
  subscription: '/subscription',
  tags: '/tags',
  teams: '/teams',
  trees: '/git/trees{/sha}',
}
