import type { Commit } from '../git/bare-repository.ts'
import type { GitHubEvent, Hub } from '../hub.ts'
import type { Links } from '../links.ts'
import type { Repository, User, WorkflowRun } from '../state.ts'
import { must } from '#shared/lib/must.ts'
import { unreachable } from '#shared/lib/unreachable.ts'
import { nodeId, repositoryApi, repositoryPage } from '../links.ts'
import { pullFigures } from '../pulls.ts'
import { foreignCheckResponse, jobCheckResponse } from '../responses/check-run.ts'
import { commentResponse } from '../responses/comment.ts'
import { commitResponse } from '../responses/commit.ts'
import { issueResponse } from '../responses/issue.ts'
import { pullResponse, simplePullResponse } from '../responses/pull.ts'
import { repositoryResponse } from '../responses/repository.ts'
import { reviewResponse } from '../responses/review.ts'
import { statusResponse } from '../responses/status.ts'
import { userResponse } from '../responses/user.ts'
import { workflowRunResponse } from '../responses/workflow-run.ts'

/** What GitHub delivers: the event's name as its header says it, and the body. */
export interface Payload {
  event: string
  /** null for events that have none. */
  action: string | null
  body: Record<string, unknown>
}

/** What GitHub tells its webhooks about something that happened. What goes on is not told: nobody here listens to it. */
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
      const pull_request = pullResponse({ links, repository, pull, figures: await pullFigures(repository, pull) })
      const more = action === 'synchronize' ? { before: event.before, after: pull.head.sha } : action === 'edited' ? { changes: {} } : {}
      return [
        {
          event: 'pull_request',
          action,
          body: { action, number: pull.number, pull_request: hookPull(links, repository, pull_request), ...more, ...about(pull.user) },
        },
      ]
    }
    case 'comment': {
      const { on, comment } = event
      const issue = {
        ...issueResponse(links, repository, on),
        active_lock_reason: null,
        reactions: noReactions(`${repositoryApi(links, repository)}/issues/${on.number}`),
      }
      const said = commentResponse({ links, repository, on, comment })
      return [
        {
          event: 'issue_comment',
          action: 'created',
          body: { action: 'created', issue, comment: { ...said, performed_via_github_app: null, reactions: noReactions(said.url) }, ...about(comment.user) },
        },
      ]
    }
    case 'review': {
      const { pull, review } = event
      const said = reviewResponse({ links, repository, pull }, review)
      const pull_request = hookPull(links, repository, simplePullResponse(links, repository, pull))
      return [
        {
          event: 'pull_request_review',
          action: 'submitted',
          body: { action: 'submitted', review: { ...said, state: said.state.toLowerCase() }, pull_request, ...about(review.user) },
        },
      ]
    }
    case 'run':
      return event.run.status === 'completed' ? runPayloads(links, repository, event.run, about(event.run.actor)) : []
    case 'check': {
      const { check } = event
      return check.progress.status === 'completed'
        ? [
            {
              event: 'check_run',
              action: 'completed',
              body: { action: 'completed', check_run: foreignCheckResponse(links, repository, check), ...about(repository.owner) },
            },
          ]
        : []
    }
    case 'status': {
      const { creator, url, node_id, ...status } = statusResponse(links, repository, event.status)
      const commit = commitResponse(links, repository, await commitOf(repository, event.status.sha))
      return [
        {
          event: 'status',
          action: null,
          body: {
            ...status,
            name: repository.fullName,
            sha: event.status.sha,
            commit: { ...commit, author: {}, committer: {} },
            branches: [],
            ...about(event.status.creator),
          },
        },
      ]
    }
    default:
      return unreachable(event)
  }
}

/** What GitHub says to a webhook that was just made. */
export function pingPayload(links: Links, repository: Repository): Payload {
  return {
    event: 'ping',
    action: null,
    body: { zen: 'Responsive is better than fast.', hook_id: 1, repository: hookRepository(links, repository), sender: userResponse(links, repository.owner) },
  }
}

async function runPayloads(links: Links, repository: Repository, run: WorkflowRun, about: object): Promise<Payload[]> {
  const { id, number, path, ...answer } = {
    ...workflowRunResponse({ links, repository, run, commit: await commitOf(repository, run.sha) }),
    number: run.number,
  }
  const api = `${repositoryApi(links, repository)}/actions/workflows/${run.workflowId}`
  const at = repository.createdAt.toISOString()
  const workflow = {
    id: run.workflowId,
    node_id: nodeId('W', run.workflowId),
    name: run.name,
    path,
    state: 'active',
    created_at: at,
    updated_at: at,
    url: api,
    html_url: `${repositoryPage(links, repository)}/blob/main/${path}`,
    badge_url: `${repositoryPage(links, repository)}/workflows/${run.workflowId}/badge.svg`,
  }
  return [
    ...run.jobs.map((job): Payload => ({
      event: 'check_run',
      action: 'completed',
      body: { action: 'completed', check_run: jobCheckResponse({ links, repository, run, job }), ...about },
    })),
    { event: 'workflow_run', action: 'completed', body: { action: 'completed', workflow_run: { id, path, ...answer }, workflow, ...about } },
  ]
}

async function pushBody(links: Links, { repository, branch, before, after, by }: Extract<GitHubEvent, { type: 'push' }>, about: object) {
  const commit = after === null ? null : pushedCommit(links, repository, await commitOf(repository, after))
  return {
    ref: `refs/heads/${branch}`,
    before: before ?? NOTHING,
    after: after ?? NOTHING,
    created: before === null,
    deleted: after === null,
    forced: false,
    base_ref: null,
    compare: `${repositoryPage(links, repository)}/compare/${before ?? NOTHING}...${after ?? NOTHING}`,
    commits: commit ? [commit] : [],
    head_commit: commit,
    pusher: { name: by.login },
    ...about,
  }
}

/** How GitHub writes that a branch was not there. */
const NOTHING = '0'.repeat(40)

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

async function commitOf(repository: Repository, sha: string): Promise<Commit> {
  return must((await repository.git.commits(`${sha}^!`))[0], sha)
}

/** As it appears in deliveries, which say a little more. */
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
