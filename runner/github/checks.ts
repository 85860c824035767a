import type { Octokit } from '@octokit/rest'
import type { CiSource } from '../ci/source.ts'
import type { RepoParams } from './repo-params.ts'
import { RequestError } from '@octokit/request-error'
import { readDraftGuards } from './draft-guards.ts'
import { getPull } from './pulls.ts'
import { readTail } from './read-tail.ts'
import {
  annotationsResponse,
  branchResponse,
  checkRunsResponse,
  commitResponse,
  jobsResponse,
  rulesResponse,
  statusesResponse,
  workflowRunsResponse,
} from './responses.ts'
import { unlessHidden } from './unless-hidden.ts'

/** GitHub's longest page. */
const PER_PAGE = 100

/** A job's failure is at the end of its log, and some logs have hundreds of megabytes. */
const MAX_LOG_BYTES = 1_000_000

/** Reads the checks of one repository from GitHub. */
export function checksOf(octokit: Octokit, repo: RepoParams): CiSource {
  const { rest } = octokit
  return {
    async observe(head, number) {
      const at = { ...repo, ref: head, per_page: PER_PAGE }
      const [pull, commit, checkRuns, statuses, workflowRuns] = await Promise.all([
        getPull(octokit, repo, number),
        // Only the commit's date is used, so it is asked for with as few of its files as GitHub allows.
        rest.repos.getCommit({ ...repo, ref: head, per_page: 1 }),
        octokit.paginate(rest.checks.listForRef, { ...at, filter: 'latest' }),
        octokit.paginate(rest.repos.listCommitStatusesForRef, at),
        octokit.paginate(rest.actions.listWorkflowRunsForRepo, { ...repo, head_sha: head, per_page: PER_PAGE }),
      ])
      const found = {
        checkRuns: checkRunsResponse.parse(checkRuns),
        workflowRuns: workflowRunsResponse.parse(workflowRuns),
      }
      const [required, guards] = await Promise.all([
        requiredChecks(octokit, repo, pull.base.ref),
        readDraftGuards(octokit, repo, head, found),
      ])
      const current = pull.head.sha === head
      return {
        ...found,
        statuses: statusesResponse.parse(statuses),
        draftGuards: guards,
        mergeable: current ? (pull.mergeable_state === 'dirty' ? false : pull.mergeable) : null,
        base: pull.base.ref,
        required,
        committedAt: commitResponse.parse(commit.data).commit.committer?.date ?? 0,
        openedAt: pull.created_at,
      }
    },
    async jobs(run) {
      return jobsResponse.parse(
        await octokit.paginate(rest.actions.listJobsForWorkflowRun, {
          ...repo,
          run_id: run,
          filter: 'latest',
          per_page: PER_PAGE,
        }),
      )
    },
    async jobLog(job) {
      try {
        const { data } = await rest.actions.downloadJobLogsForWorkflowRun({
          ...repo,
          job_id: job,
          request: { parseSuccessResponseBody: false },
        })
        return await readTail(data, MAX_LOG_BYTES)
      }
      catch (error) {
        // The log is not written yet or expired, or no step ran. The annotations remain.
        if (error instanceof RequestError && (error.status === 404 || error.status === 410))
          return null
        throw error
      }
    },
    async annotations(checkRun) {
      const found = await octokit.paginate(rest.checks.listAnnotations, {
        ...repo,
        check_run_id: checkRun,
        per_page: PER_PAGE,
      })
      return annotationsResponse
        .parse(found)
        .filter(({ annotation_level }) => annotation_level !== 'notice')
        .map(
          ({ path, start_line, title, message }) =>
            `${path}:${start_line}: ${[title, message].filter(Boolean).join(': ')}`,
        )
    },
  }
}

/**
 * The checks that a branch's protection and rulesets require. Rules that the token may not read, or that the
 * repository's plan does not offer, require nothing.
 */
async function requiredChecks(octokit: Octokit, repo: RepoParams, branch: string): Promise<string[]> {
  const [protection, rules] = await Promise.all([
    unlessHidden(
      async () => branchResponse.parse((await octokit.rest.repos.getBranch({ ...repo, branch })).data).protection,
    ),
    unlessHidden(async () =>
      rulesResponse.parse(
        await octokit.paginate(octokit.rest.repos.getBranchRules, { ...repo, branch, per_page: 100 }),
      ),
    ),
  ])
  const ruled = (rules ?? []).flatMap(({ type, parameters }) =>
    type === 'required_status_checks' ? (parameters?.required_status_checks ?? []) : [],
  )
  const contexts = protection?.enabled ? protection.required_status_checks?.contexts ?? [] : []
  return [...new Set([...contexts, ...ruled.map(({ context }) => context)])]
}
