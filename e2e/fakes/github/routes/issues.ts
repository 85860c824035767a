import type { Route } from '../route.ts'
import * as z from 'zod'
import { findIssueOrPull, openIssue } from '../comments.ts'
import { paginate } from '../paginate.ts'
import { issueResponse } from '../responses/issue.ts'

const createBody = z.object({ title: z.string(), body: z.string().nullable().default(null) })
const updateBody = z.object({ state: z.enum(['open', 'closed']).optional(), state_reason: z.enum(['completed', 'not_planned']).optional() })

export const issueRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/repos/{owner}/{repo}/issues',
    needs: 'read',
    handle: (call) => {
      const { hub: { links }, repository, query } = call
      const since = query.since === undefined ? 0 : Date.parse(query.since)
      const found = [...repository.issues, ...repository.pulls]
        .filter(({ state, updatedAt }) => (query.state === 'all' || state === (query.state ?? 'open')) && updatedAt.getTime() >= since)
        .sort((a, b) => b.number - a.number)
      const { items, headers } = paginate(call, found)
      return { status: 200, headers, body: items.map(issue => issueResponse(links, repository, issue)) }
    },
  },
  {
    method: 'post',
    path: '/repos/{owner}/{repo}/issues',
    needs: 'write',
    handle: ({ hub, repository, user, body }) => {
      const issue = openIssue(hub, repository, { ...createBody.parse(body), user })
      return { status: 201, body: issueResponse(hub.links, repository, issue) }
    },
  },
  {
    method: 'patch',
    path: '/repos/{owner}/{repo}/issues/{issue_number}',
    needs: 'write',
    handle: ({ hub, repository, params, body }) => {
      const issue = findIssueOrPull(repository, Number(params.issue_number))
      const { state = issue.state, state_reason } = updateBody.parse(body)
      issue.closedAt = state === 'open' ? null : issue.closedAt ?? hub.now()
      issue.state = state
      if ('stateReason' in issue)
        issue.stateReason = state_reason ?? issue.stateReason
      return { status: 200, body: issueResponse(hub.links, repository, issue) }
    },
  },
]
