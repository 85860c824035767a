import type { Commit } from '../git/bare-repository.ts'
import type { GitHubEvent, Hub } from '../hub.ts'
import type { Links } from '../links.ts'
import type { Repository, User, WorkflowRun } from '../state.ts'
import { unreachable } from '#shared/lib/unreachable.ts'
import { nodeId, repositoryApi, repositoryPage } from '../links.ts'
import { pullFigures } from '../pulls.ts'
import { externalCheckResponse, jobCheckResponse } from '../responses/check-run.ts'
import { commentResponse } from '../responses/comment.ts'
import { commitResponse } from '../responses/commit.ts'
import { issueResponse } from '../responses/issue.ts'
import { labelResponse, pullResponse, simplePullResponse } from '../responses/pull.ts'
import { repositoryResponse } from '../responses/repository.ts'
import { reviewResponse } from '../responses/review.ts'
import { statusResponse } from '../responses/status.ts'
import { userResponse } from '../responses/user.ts'
import { workflowRunResponse } from '../responses/workflow-run.ts'

export interface Payload {
  /** The event's name in the header of the delivery. */
  event: string
  /** null for events that have none. */
  action: string | null
  body: Record<string, unknown>
}

/** The deliveries for an event; none for a check or run in progress, because mainloop does not use those. */
export async function payloadsOf(hub: Hub, event: GitHubEvent): Promise<Payload[]> {
  const { links } = hub
  const { repository } = event
  const about = (by: User) => ({ repository: hookRepository(links, repository), sender: userResponse(links, by) })

  switch (event.type) {
    case 'push': {
      const push = { event: 'push', action: null, body: await pushBody(links, event, about(event.by)) }
      return event.after === null
        ? [push, { event: 'delete', action: null, body: { ref: event.branch, ref_type: 'branch', pusher_type: 'user', ...about(event.by) } }]
        : [push]
    }
    case 'pull': {
      const { action, pull } = event
      const response = pullResponse({ links, repository, pull, figures: await pullFigures(repository, pull) })
      const pull_request = hookPull(links, repository, response)
      const more = moreOf(hub.links, event)
      return [withAction('pull_request', action, { number: pull.number, pull_request, ...more, ...about(pull.user) })]
    }
    case 'comment': {
      const issue = {
        ...issueResponse(links, repository, event.issue),
        active_lock_reason: null,
        reactions: noReactions(`${repositoryApi(links, repository)}/issues/${event.issue.number}`),
      }
      const response = commentResponse({ links, repository, issue: event.issue, comment: event.comment })
      const comment = { ...response, performed_via_github_app: null, reactions: noReactions(response.url) }
      return [withAction('issue_comment', 'created', { issue, comment, ...about(event.comment.user) })]
    }
    case 'review': {
      const { pull } = event
      const response = reviewResponse({ links, repository, pull }, event.review)
      const review = { ...response, state: response.state.toLowerCase() }
      const pull_request = hookPull(links, repository, simplePullResponse(links, repository, pull))
      return [withAction('pull_request_review', 'submitted', { review, pull_request, ...about(event.review.user) })]
    }
    case 'run':
      return event.run.status === 'completed' ? runPayloads(links, repository, event.run, about(event.run.actor)) : []
    case 'check': {
      if (event.check.progress.status !== 'completed')
        return []
      return [withAction('check_run', 'completed', { check_run: externalCheckResponse(links, repository, event.check), ...about(repository.owner) })]
    }
    case 'status': {
      const { creator, url, node_id, ...status } = statusResponse(links, repository, event.status)
      const { sha } = event.status
      const commit = { ...commitResponse(links, repository, await repository.git.readCommit(sha)), author: {}, committer: {} }
      const body = { ...status, name: repository.fullName, sha, commit, branches: [], ...about(event.status.creator) }
      return [{ event: 'status', action: null, body }]
    }
    default:
      return unreachable(event)
  }
}

/** The fields that only some actions on a pull request have. */
function moreOf(links: Links, { action, repository, pull, before, label }: Extract<GitHubEvent, { type: 'pull' }>): object {
  if (action === 'synchronize')
    return { before, after: pull.head.sha }
  if (action === 'edited')
    return { changes: {} }
  return label ? { label: labelResponse(links, repository, label) } : {}
}

/** The first delivery to a new webhook. */
export function pingPayload(links: Links, repository: Repository): Payload {
  const sender = userResponse(links, repository.owner)
  const body = { zen: 'Responsive is better than fast.', hook_id: 1, repository: hookRepository(links, repository), sender }
  return { event: 'ping', action: null, body }
}

/** GitHub repeats the action in the body. */
function withAction(event: string, action: string, body: Record<string, unknown>): Payload {
  return { event, action, body: { action, ...body } }
}

async function runPayloads(links: Links, repository: Repository, run: WorkflowRun, about: object): Promise<Payload[]> {
  const workflow_run = workflowRunResponse({ links, repository, run, commit: await repository.git.readCommit(run.sha) })
  const api = `${repositoryApi(links, repository)}/actions/workflows/${run.workflowId}`
  const createdAt = repository.createdAt.toISOString()
  const workflow = {
    id: run.workflowId,
    node_id: nodeId('W', run.workflowId),
    name: run.name,
    path: run.path,
    state: 'active',
    created_at: createdAt,
    updated_at: createdAt,
    url: api,
    html_url: `${repositoryPage(links, repository)}/blob/main/${run.path}`,
    badge_url: `${repositoryPage(links, repository)}/workflows/${run.workflowId}/badge.svg`,
  }
  return [
    ...run.jobs.map(job => withAction('check_run', 'completed', { check_run: jobCheckResponse({ links, repository, run, job }), ...about })),
    withAction('workflow_run', 'completed', { workflow_run, workflow, ...about }),
  ]
}

async function pushBody(links: Links, { repository, branch, before, after, by }: Extract<GitHubEvent, { type: 'push' }>, about: object) {
  const commit = after === null ? null : pushedCommit(links, repository, await repository.git.readCommit(after))
  return {
    ref: `refs/heads/${branch}`,
    before: before ?? NO_COMMIT,
    after: after ?? NO_COMMIT,
    created: before === null,
    deleted: after === null,
    forced: false,
    base_ref: null,
    compare: `${repositoryPage(links, repository)}/compare/${before ?? NO_COMMIT}...${after ?? NO_COMMIT}`,
    commits: commit ? [commit] : [],
    head_commit: commit,
    pusher: { name: by.login },
    ...about,
  }
}

/** GitHub writes this in place of the commit of a branch that does not exist. */
const NO_COMMIT = '0'.repeat(40)

function pushedCommit(links: Links, repository: Repository, { sha, tree, message, author, committer }: Commit) {
  const person = ({ name, email }: Commit['author']) => ({ name, email })
  return {
    id: sha,
    tree_id: tree,
    distinct: true,
    message,
    timestamp: committer.date,
    url: `${repositoryPage(links, repository)}/commit/${sha}`,
    author: person(author),
    committer: person(committer),
    added: [],
    removed: [],
    modified: [],
  }
}

/** The form of a repository in deliveries, which has a few more fields. */
function hookRepository(links: Links, repository: Repository) {
  return {
    ...repositoryResponse(links, repository),
    has_discussions: false,
    topics: [],
    visibility: 'private',
    allow_forking: false,
    is_template: false,
    web_commit_signoff_required: false,
  }
}

function hookPull<P extends { head: object, base: object }>(links: Links, repository: Repository, pull: P) {
  const repo = hookRepository(links, repository)
  return { ...pull, active_lock_reason: null, head: { ...pull.head, repo }, base: { ...pull.base, repo } }
}

function noReactions(url: string) {
  return { 'url': `${url}/reactions`, 'total_count': 0, '+1': 0, '-1': 0, 'laugh': 0, 'confused': 0, 'heart': 0, 'hooray': 0, 'eyes': 0, 'rocket': 0 }
}
