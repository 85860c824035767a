import type { Call, Route } from '../route.ts'
import type { JobRecord } from '../state.ts'
import { notFound } from '../api-error.ts'
import { paginate } from '../paginate.ts'
import { jobResponse, workflowRunResponse } from '../responses/workflow-run.ts'

export const actionsRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/repos/{owner}/{repo}/actions/runs',
    needs: 'read',
    handle: async (call) => {
      const { hub: { links }, repository, query } = call
      const found = repository.runs.toReversed().filter(run =>
        (query.head_sha === undefined || run.sha === query.head_sha)
        && (query.branch === undefined || run.branch === query.branch)
        && (query.event === undefined || run.event === query.event)
        && (query.status === undefined || run.status === query.status || run.conclusion === query.status))
      const { items, headers } = paginate(call, found)
      const workflow_runs = await Promise.all(items.map(async run =>
        workflowRunResponse({ links, repository, run, commit: await repository.git.readCommit(run.sha) })))
      return { status: 200, headers, body: { total_count: found.length, workflow_runs } }
    },
  },
  {
    method: 'get',
    path: '/repos/{owner}/{repo}/actions/runs/{run_id}/jobs',
    needs: 'read',
    handle: (call) => {
      const { hub: { links }, repository, params } = call
      const run = repository.runs.find(one => one.id === Number(params.run_id))
      if (!run)
        throw notFound()
      const { items, headers } = paginate(call, run.jobs)
      return { status: 200, headers, body: { total_count: run.jobs.length, jobs: items.map(job => jobResponse({ links, repository, run, job })) } }
    },
  },
  {
    method: 'get',
    path: '/repos/{owner}/{repo}/actions/jobs/{job_id}/logs',
    needs: 'read',
    handle: (call) => {
      const job = findJob(call)
      // GitHub has no log until the job has ended.
      if (job.progress.status !== 'completed')
        throw notFound()
      return { status: 302, headers: { location: `${call.hub.links.server}/_logs/${job.id}` } }
    },
  },
]

function findJob({ repository, params }: Call): JobRecord {
  const job = repository.runs.flatMap(run => run.jobs).find(one => one.id === Number(params.job_id))
  if (!job)
    throw notFound()
  return job
}
