import type { CheckRun } from '../checks.ts'
import type { Call, Route } from '../route.ts'
import { must } from '#shared/lib/must.ts'
import { ApiError, notFound } from '../api-error.ts'
import { checkRuns } from '../checks.ts'
import { paginate } from '../paginate.ts'
import { externalCheckResponse, jobCheckResponse } from '../responses/check-run.ts'

export const checkRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/repos/{owner}/{repo}/commits/{ref}/check-runs',
    needs: 'read',
    handle: async (call) => {
      const { repository, params, query } = call
      const sha = await resolveCommit(call, must(params.ref, 'ref'))
      const found = checkRuns(repository, sha, query.filter === 'all' ? 'all' : 'latest')
        .filter(check => query.check_name === undefined || nameOf(check) === query.check_name)
        .filter(check => query.status === undefined || (check.kind === 'job' ? check.job : check.check).progress.status === query.status)
      const { items, headers } = paginate(call, found)
      return { status: 200, headers, body: { total_count: found.length, check_runs: items.map(check => checkResponse(call, check)) } }
    },
  },
  {
    method: 'get',
    path: '/repos/{owner}/{repo}/check-runs/{check_run_id}/annotations',
    needs: 'read',
    handle: (call) => {
      const { repository, params } = call
      const id = Number(params.check_run_id)
      const check = repository.checks.find(one => one.id === id)
      if (!check && !repository.runs.some(run => run.jobs.some(job => job.id === id)))
        throw notFound()
      const { items, headers } = paginate(call, check?.annotations ?? [])
      return {
        status: 200,
        headers,
        body: items.map(({ path, line, level, message }) => ({
          path,
          blob_href: `${call.hub.links.server}/${repository.fullName}/blob/${check?.sha}/${path}`,
          start_line: line,
          end_line: line,
          start_column: null,
          end_column: null,
          annotation_level: level,
          title: null,
          message,
          raw_details: null,
        })),
      }
    },
  },
]

function checkResponse({ hub: { links }, repository }: Call, check: CheckRun) {
  return check.kind === 'job' ? jobCheckResponse({ links, repository, ...check }) : externalCheckResponse(links, repository, check.check)
}

function nameOf(check: CheckRun): string {
  return check.kind === 'job' ? check.job.name : check.check.name
}

/** Resolves a ref to a commit. Throws 422 with GitHub's message when there is none. */
export async function resolveCommit({ repository }: Call, ref: string): Promise<string> {
  const sha = await repository.git.resolve(ref)
  if (!sha)
    throw new ApiError(422, `No commit found for SHA: ${ref}`)
  return sha
}
