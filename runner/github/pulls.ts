import type { Octokit } from '@octokit/rest'
import type { PullRequest } from '#shared/model/task.ts'
import type { PullSpec, PullState } from './github.ts'
import type { RepoParams } from './repo-params.ts'
import type { ListedPull, PullResponse } from './responses.ts'
import { RequestError } from '@octokit/request-error'
import * as z from 'zod'
import { words } from './errors.ts'
import { GitHubError } from './github.ts'
import { pullResponse, pullsResponse } from './responses.ts'

/** The last line of mainloop's part of a pull request's body. The text below belongs to people and is never changed. */
export const PULL_TEXT_END = '<!-- mainloop: write below this line -->'

/** Implements `GitHub.ensurePull`. */
export async function ensurePull(
  octokit: Octokit,
  repo: RepoParams,
  spec: PullSpec & { base: string },
  log: (line: string) => void,
): Promise<PullRequest> {
  const open = await findOpen(octokit, repo, spec.branch)
  if (open)
    return update(octokit, repo, open, spec.body)
  try {
    return await create(octokit, repo, spec, log)
  }
  catch (error) {
    // An earlier try may have succeeded although its response was lost.
    const other = refusedBecause(error, /already exists/i) ? await findOpen(octokit, repo, spec.branch) : null
    if (!other)
      throw error
    return update(octokit, repo, other, spec.body)
  }
}

/** Implements `GitHub.updatePullText`. */
export async function updatePullText(
  octokit: Octokit,
  repo: RepoParams,
  pull: PullResponse,
  body: string,
): Promise<void> {
  if (pull.state === 'open')
    await update(octokit, repo, pull, body)
}

export async function getPull(octokit: Octokit, repo: RepoParams, number: number): Promise<PullResponse> {
  const { data } = await octokit.rest.pulls.get({ ...repo, pull_number: number })
  return pullResponse.parse(data)
}

export async function stateOf(octokit: Octokit, repo: RepoParams, pull: PullResponse): Promise<PullState> {
  const state = pull.merged ? 'merged' : pull.state
  return {
    state,
    pull: toPull(pull),
    head: pull.head.sha,
    branchGone: state === 'closed' && !(await hasBranch(octokit, repo, pull.head.ref)),
  }
}

async function hasBranch({ rest }: Octokit, repo: RepoParams, branch: string): Promise<boolean> {
  try {
    await rest.git.getRef({ ...repo, ref: `heads/${branch}` })
    return true
  }
  catch (error) {
    if (error instanceof RequestError && error.status === 404)
      return false
    throw error
  }
}

/** REST cannot take a pull request out of draft; GraphQL can. */
export async function markReady(octokit: Octokit, { draft, node_id }: PullResponse): Promise<void> {
  if (draft)
    await octokit.graphql(READY, { id: node_id })
}

const READY = `mutation($id: ID!) {
  markPullRequestReadyForReview(input: { pullRequestId: $id }) { pullRequest { isDraft } }
}`

async function findOpen(octokit: Octokit, repo: RepoParams, branch: string): Promise<ListedPull | null> {
  const found = await octokit.paginate(octokit.rest.pulls.list, {
    ...repo,
    head: `${repo.owner}:${branch}`,
    state: 'open',
    sort: 'created',
    direction: 'desc',
    per_page: 100,
  })
  // GitHub ignores a filter that it does not understand and lists everything.
  return pullsResponse.parse(found).find(({ head }) => head.ref === branch) ?? null
}

async function create(
  octokit: Octokit,
  repo: RepoParams,
  { title, body, branch, base }: PullSpec & { base: string },
  log: (line: string) => void,
): Promise<PullRequest> {
  const open = async (draft: boolean) => {
    const { data } = await octokit.rest.pulls.create({ ...repo, title, body, head: branch, base, draft })
    return toPull(pullResponse.parse(data))
  }
  try {
    return await open(true)
  }
  catch (error) {
    if (refusedBecause(error, /no commits between/i)) {
      throw new GitHubError(
        'refused',
        `There is nothing to open a pull request for: ${branch} has no commit that ${base} does not have.`,
        { cause: error },
      )
    }
    if (!refusedBecause(error, /draft pull requests are not supported/i))
      throw error
    log(`The plan of ${repo.owner}/${repo.repo} has no draft pull requests: `
      + `the one for ${branch} is opened as ready for review.`)
    return open(false)
  }
}

async function update(octokit: Octokit, repo: RepoParams, pull: ListedPull, body: string): Promise<PullRequest> {
  const before = normal(pull.body ?? '')
  const peopleText = textBelowEnd(before)
  const after = cutToFit(body, peopleText) + peopleText
  if (before !== normal(after))
    await octokit.rest.pulls.update({ ...repo, pull_number: pull.number, body: after })
  return toPull(pull)
}

/** Looks for the first end line, because people may quote it below. */
function textBelowEnd(body: string): string {
  const at = body.indexOf(PULL_TEXT_END)
  return at === -1 ? '' : body.slice(at + PULL_TEXT_END.length)
}

/** GitHub refuses a longer body. Characters. */
const MAX_BODY = 65_536

/** Cuts the beginning of mainloop's part: its end has the state of CI and the end line. */
function cutToFit(body: string, peopleText: string): string {
  return body.slice(Math.max(0, body.length + peopleText.length - MAX_BODY))
}

/** The web editor stores line ends as CRLF. */
function normal(body: string): string {
  return body.replaceAll('\r\n', '\n').trimEnd()
}

function toPull({ number, html_url, draft }: ListedPull): PullRequest {
  return { number, url: html_url, draft: draft ?? false }
}

function refusedBecause(error: unknown, why: RegExp): boolean {
  return error instanceof RequestError && error.status === 422 && why.test(words(error))
}

const filesResponse = z.array(z.object({ filename: z.string(), status: z.string(), patch: z.string().optional() }))

/** The unified diff of a pull request. GitHub leaves out the patches of binary and very large files. */
export async function changesOf({ rest, paginate }: Octokit, repo: RepoParams, number: number): Promise<string> {
  const files = filesResponse.parse(
    await paginate(rest.pulls.listFiles, { ...repo, pull_number: number, per_page: 100 }),
  )
  return files.map(({ filename, status, patch }) => `${status} ${filename}\n${patch ?? '(not shown)'}\n`).join('\n')
}
