import type { Commit } from '../git/bare-repository.ts'
import type { Links } from '../links.ts'
import type { JobRecord, Repository, WorkflowRun } from '../state.ts'
import { nodeId, repositoryApi, repositoryPage } from '../links.ts'
import { progressResponse } from './progress.ts'
import { minimalRepositoryResponse } from './repository.ts'
import { userResponse } from './user.ts'

interface Source { links: Links, repository: Repository, run: WorkflowRun }

export function jobPage({ links, repository, run, job }: Source & { job: JobRecord }): string {
  return `${repositoryPage(links, repository)}/actions/runs/${run.id}/job/${job.id}`
}

export function workflowRunResponse({ links, repository, run, commit }: Source & { commit: Commit }) {
  const api = repositoryApi(links, repository)
  const url = `${api}/actions/runs/${run.id}`
  const pulls = repository.pulls.filter(pull => pull.head.ref === run.branch && pull.state === 'open')
  const repo = { id: repository.id, name: repository.name, url: api }
  return {
    id: run.id,
    node_id: nodeId('WFR', run.id),
    name: run.name,
    display_title: run.title,
    path: run.path,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    head_branch: run.branch,
    head_sha: run.sha,
    run_number: run.number,
    run_attempt: 1,
    workflow_id: run.workflowId,
    check_suite_id: run.suiteId,
    check_suite_node_id: nodeId('CS', run.suiteId),
    url,
    html_url: `${repositoryPage(links, repository)}/actions/runs/${run.id}`,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${api}/check-suites/${run.suiteId}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    workflow_url: `${api}/actions/workflows/${run.workflowId}`,
    previous_attempt_url: null,
    created_at: run.createdAt.toISOString(),
    updated_at: run.updatedAt.toISOString(),
    run_started_at: run.createdAt.toISOString(),
    actor: userResponse(links, run.actor),
    triggering_actor: userResponse(links, run.actor),
    pull_requests: pulls.map(({ id, number, head, base }) => ({ id, number, url: `${api}/pulls/${number}`, head: { ...head, repo }, base: { ...base, repo } })),
    head_commit: {
      id: commit.sha,
      tree_id: commit.tree,
      message: commit.message,
      timestamp: commit.committer.date,
      author: { name: commit.author.name, email: commit.author.email },
      committer: { name: commit.committer.name, email: commit.committer.email },
    },
    repository: minimalRepositoryResponse(links, repository),
    head_repository: minimalRepositoryResponse(links, repository),
  }
}

export function jobResponse({ links, repository, run, job }: Source & { job: JobRecord }) {
  const api = repositoryApi(links, repository)
  const started = job.progress.status !== 'queued'
  return {
    id: job.id,
    node_id: nodeId('CR', job.id),
    run_id: run.id,
    run_attempt: 1,
    run_url: `${api}/actions/runs/${run.id}`,
    url: `${api}/actions/jobs/${job.id}`,
    html_url: jobPage({ links, repository, run, job }),
    check_run_url: `${api}/check-runs/${job.id}`,
    head_sha: run.sha,
    head_branch: run.branch,
    workflow_name: run.name,
    name: job.name,
    ...progressResponse(job.progress),
    // GitHub sets this already when a job is queued.
    started_at: (job.progress.status === 'queued' ? job.createdAt : job.progress.startedAt).toISOString(),
    created_at: job.createdAt.toISOString(),
    steps: job.steps.map(({ number, name, progress }) => ({ number, name, ...progressResponse(progress) })),
    labels: ['ubuntu-latest'],
    runner_id: started ? 1 : null,
    runner_name: started ? 'Fake GitHub' : null,
    runner_group_id: started ? 1 : null,
    runner_group_name: started ? 'GitHub Actions' : null,
  }
}
