import type { Octokit } from '@octokit/rest'
import type { CheckTimeouts } from '../ci/evaluate-checks.ts'
import type { AppCredential } from '../config/config.ts'
import type { Clients } from './clients.ts'
import type { Discussion } from './discussion.ts'
import type { Operation } from './errors.ts'
import type { GitHub } from './github.ts'
import type { RepoParams } from './repo-params.ts'
import { RequestError } from '@octokit/request-error'
import { createRedactor } from '#shared/text/redact.ts'
import { readVerdict } from '../ci/collect.ts'
import { checksOf } from './checks.ts'
import { cleanUp } from './clean-up.ts'
import { createClients } from './clients.ts'
import {
  acknowledge,
  ensureComment,
  ensureIssue,
  ensureReplies,
  issueComments,
  mayWrite,
  pullComments,
  thumbsUp,
} from './discussions.ts'
import { explain } from './errors.ts'
import { GitHubError } from './github.ts'
import { changesOf, ensurePull, getPull, markReady, stateOf, updatePullText } from './pulls.ts'
import { repoParams } from './repo-params.ts'
import { repositoryResponse } from './responses.ts'
import { tokenOwner } from './token-owner.ts'

export interface GitHubOptions {
  /** Without any credential every method rejects with `credential`, and the runner still runs. */
  token?: string | null | undefined
  /** Preferred over `token`: an App's tokens are short-lived and for one repository each. */
  app?: AppCredential | null | undefined
  /** `https://api.github.com`, or `https://HOST/api/v3` of a GitHub Enterprise Server. */
  apiUrl: string
  userAgent?: string
  checkTimeouts?: CheckTimeouts
  /** Receives notices that are no failures. */
  log?: (line: string) => void
  now?: () => number
  /** See `ClientOptions.secondMs`. */
  secondMs?: number
}

type Target = Omit<Operation, 'credential'>
type Call = <T>(operation: Target, act: (octokit: Octokit, repo: RepoParams) => Promise<T>) => Promise<T>

/** GitHub through Octokit. Its types, errors and times stop here. */
export function createGitHub({
  token,
  app,
  apiUrl,
  userAgent = 'mainloop',
  checkTimeouts,
  log = () => {},
  now = Date.now,
  secondMs = 1000,
}: GitHubOptions): GitHub & Pick<Clients, 'gitToken' | 'whoAmI'> {
  const redact = createRedactor(token ? [token] : [])
  const clients = createClients({ token, app, apiUrl, userAgent, secondMs })

  async function explained<T>(operation: Target, act: () => Promise<T>): Promise<T> {
    try {
      return await act()
    }
    catch (error) {
      throw explain(error, { ...operation, credential: app ? 'App' : 'token' }, now())
    }
  }
  const call: Call = (operation, act) =>
    explained(operation, async () => act(clients.of(operation.repository), repoParams(operation.repository)))

  return {
    gitToken: (repository, use) => explained(
      { repository, action: 'give a token', target: repository },
      () => clients.gitToken(repository, use),
    ),
    whoAmI: () => explained(
      { repository: 'GitHub', action: 'say whose token it is', target: 'who it is' },
      clients.whoAmI,
    ),
    inspect: repository => call(
      { repository, action: 'read the repository', target: repository },
      async (octokit, repo) => {
        const { default_branch: defaultBranch, archived, permissions } = await getRepository(octokit, repo)
        mustBeWritable(repository, { archived, pushes: permissions?.push, byApp: Boolean(app) })
        await mustHaveCommit(octokit, repo, defaultBranch, repository)
        return { defaultBranch }
      },
    ),
    ensurePull: spec => call(
      { repository: spec.repository, action: 'open a pull request', target: spec.repository },
      async (octokit, repo) => {
        const base = spec.base ?? (await getRepository(octokit, repo)).default_branch
        return ensurePull(octokit, repo, { ...spec, base }, log)
      },
    ),
    updatePullText: (repository, number, body) => call(
      { repository, action: 'write the text of the pull request', target: pullName(repository, number) },
      async (octokit, repo) => updatePullText(octokit, repo, await getPull(octokit, repo, number), body),
    ),
    pullState: (repository, number) => call(
      { repository, action: 'read the pull request', target: pullName(repository, number) },
      async (octokit, repo) => stateOf(octokit, repo, await getPull(octokit, repo, number)),
    ),
    markReady: (repository, number) => call(
      { repository, action: 'mark the pull request as ready for review', target: pullName(repository, number) },
      async (octokit, repo) => markReady(octokit, await getPull(octokit, repo, number)),
    ),
    verdict: (repository, head, pull) => call(
      {
        repository,
        action: 'read the checks',
        target: `commit ${head.slice(0, 7)} of ${pullName(repository, pull)}`,
      },
      (octokit, repo) => readVerdict({ source: checksOf(octokit, repo), now, redact, checkTimeouts }, head, pull),
    ),
    tokenOwner: repository => call(
      { repository, action: 'say whose token it is', target: 'the owner of the token' },
      octokit => tokenOwner(octokit, apiUrl),
    ),
    changes: (repository, pull) => call(
      { repository, action: 'read the changes', target: pullName(repository, pull) },
      async (octokit, repo) => redact(await changesOf(octokit, repo, pull)),
    ),
    cleanUp: spec => call(
      { repository: spec.repository, action: 'clean up', target: spec.repository },
      (octokit, repo) => cleanUp(octokit, repo, spec),
    ),
    ...createDiscussion(call),
  }
}

function createDiscussion(call: Call): Discussion {
  return {
    ensureIssue: spec => call(
      { repository: spec.repository, action: 'open an issue', target: spec.repository },
      (octokit, repo) => ensureIssue(octokit, repo, spec),
    ),
    ensureComment: spec => call(
      { repository: spec.repository, action: 'comment', target: `#${spec.number} of ${spec.repository}` },
      (octokit, repo) => ensureComment(octokit, repo, spec),
    ),
    ensureReplies: (spec, lines) => call(
      { repository: spec.repository, action: 'answer a comment', target: `#${spec.number} of ${spec.repository}` },
      (octokit, repo) => ensureReplies(octokit, repo, spec, lines),
    ),
    issueComments: (repository, number) => call(
      { repository, action: 'read the comments', target: `issue #${number} of ${repository}` },
      (octokit, repo) => issueComments(octokit, repo, number),
    ),
    pullComments: (repository, number) => call(
      { repository, action: 'read the review', target: pullName(repository, number) },
      (octokit, repo) => pullComments(octokit, repo, number),
    ),
    mayWrite: (repository, login) => call(
      { repository, action: 'read who may write', target: `${login} in ${repository}` },
      (octokit, repo) => mayWrite(octokit, repo, login),
    ),
    thumbsUp: (repository, comment) => call(
      { repository, action: 'read reactions', target: `comment ${comment} of ${repository}` },
      (octokit, repo) => thumbsUp(octokit, repo, comment),
    ),
    acknowledge: (repository, nodes) => call(
      { repository, action: 'react to a comment', target: `a comment of ${repository}` },
      octokit => acknowledge(octokit, nodes),
    ),
  }
}

function pullName(repository: string, number: number): string {
  return `pull request #${number} of ${repository}`
}

async function getRepository(octokit: Octokit, repo: RepoParams) {
  const { data } = await octokit.rest.repos.get(repo)
  return repositoryResponse.parse(data)
}

interface Access { archived: boolean | undefined, pushes: boolean | undefined, byApp: boolean }

function mustBeWritable(repository: string, { archived = false, pushes = true, byApp }: Access): void {
  if (archived)
    throw new GitHubError('no-access', `${repository} is archived, so nothing can be pushed to it. Unarchive it first.`)
  // `permissions` are a person's. Those of an App belong to its installation, and its token was checked against them.
  if (!pushes && !byApp) {
    throw new GitHubError(
      'no-access',
      `The GitHub token may read ${repository} but not push to it. Give it write access to contents and pull requests.`,
    )
  }
}

async function mustHaveCommit(octokit: Octokit, repo: RepoParams, branch: string, repository: string): Promise<void> {
  try {
    await octokit.rest.repos.getBranch({ ...repo, branch })
  }
  catch (error) {
    if (error instanceof RequestError && (error.status === 404 || error.status === 409)) {
      throw new GitHubError(
        'empty',
        `${repository} has no commit yet. Push a first one, so that there is something to branch from.`,
        { cause: error },
      )
    }
    throw error
  }
}
