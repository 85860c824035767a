import type { Links } from '../links.ts'
import type { ExternalCheck, JobRecord, Repository, WorkflowRun } from '../state.ts'
import { nodeId, repositoryApi, repositoryPage } from '../links.ts'
import { progressResponse } from './progress.ts'
import { userResponse } from './user.ts'
import { jobPage } from './workflow-run.ts'

/** The id of GitHub's own Actions app, unchanged since 2018. */
const ACTIONS_APP_ID = 15_368

/** A job of a workflow run, as a check run. */
export function jobCheckResponse({ links, repository, run, job }: { links: Links, repository: Repository, run: WorkflowRun, job: JobRecord }) {
  const page = jobPage({ links, repository, run, job })
  return checkResponse(links, repository, {
    id: job.id,
    sha: run.sha,
    suite: run.suiteId,
    name: job.name,
    progress: progressResponse(job.progress),
    page,
    app: { id: ACTIONS_APP_ID, slug: 'github-actions', name: 'GitHub Actions' },
    output: { title: null, summary: null },
    annotations: 0,
  })
}

export function externalCheckResponse(links: Links, repository: Repository, check: ExternalCheck) {
  return checkResponse(links, repository, {
    id: check.id,
    sha: check.sha,
    suite: check.suiteId,
    name: check.name,
    progress: progressResponse(check.progress),
    page: `${repositoryPage(links, repository)}/runs/${check.id}`,
    app: { id: ACTIONS_APP_ID + 1 + check.app.length, slug: check.app, name: check.app },
    output: check.output,
    annotations: check.annotations.length,
  })
}

interface Check {
  id: number
  sha: string
  suite: number
  name: string
  progress: ReturnType<typeof progressResponse>
  page: string
  app: { id: number, slug: string, name: string }
  output: { title: string | null, summary: string | null }
  annotations: number
}

function checkResponse(links: Links, repository: Repository, check: Check) {
  const url = `${repositoryApi(links, repository)}/check-runs/${check.id}`
  return {
    id: check.id,
    node_id: nodeId('CR', check.id),
    external_id: String(check.id),
    head_sha: check.sha,
    name: check.name,
    url,
    html_url: check.page,
    details_url: check.page,
    ...check.progress,
    output: { ...check.output, text: null, annotations_count: check.annotations, annotations_url: `${url}/annotations` },
    check_suite: { id: check.suite },
    app: appResponse(links, repository, check.app),
    pull_requests: [],
  }
}

function appResponse(links: Links, repository: Repository, { id, slug, name }: Check['app']) {
  return {
    id,
    node_id: nodeId('A', id),
    slug,
    name,
    owner: userResponse(links, repository.owner),
    description: null,
    external_url: `${links.server}/apps/${slug}`,
    html_url: `${links.server}/apps/${slug}`,
    created_at: repository.createdAt.toISOString(),
    updated_at: repository.createdAt.toISOString(),
    permissions: { checks: 'write', contents: 'read', metadata: 'read' },
    events: [],
  }
}
