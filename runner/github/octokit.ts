import type { Octokit } from '@octokit/rest'
import type { CheckTimeouts } from '../ci/evaluate-checks.ts'
import type { AppCredential } from '../config/config.ts'
import type { Clients } from './clients.ts'
import type { Discussion } from './discussion.ts'
import type { Asked } from './errors.ts'
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
import { personOf } from './person.ts'
import { changesOf, ensurePull, getPull, markReady, stateOf, updatePullText } from './pulls.ts'
import { repoParams } from './repo-params.ts'
import { repositoryResponse } from './responses.ts'

export interface GitHubOptions {
  /** Without one every method rejects with `credential`; the runner itself can live without GitHub. */
  token?: string | null | undefined
  /** Or an App, which is preferred: its tokens are for one repository each, and short-lived. */
  app?: AppCredential | null | undefined
  /** `https://api.github.com`, or `https://HOST/api/v3` of a GitHub Enterprise Server. */
  apiUrl: string
  userAgent?: string
  checkTimeouts?: CheckTimeouts
  /** What a person may want to know although nothing failed. */
  log?: (line: string) => void
  now?: () => number
  /** How long a second is to the waits between tries. ms */
  secondMs?: number
}

type Question = Omit<Asked, 'by'>
type Ask = <T>(asked: Question, act: (octokit: Octokit, repo: RepoParams) => Promise<T>) => Promise<T>

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

  async function explained<T>(asked: Question, act: () => Promise<T>): Promise<T> {
    try {
      return await act()
    }
    catch (error) {
      throw explain(error, { ...asked, by: app ? 'App' : 'token' }, now())
    }
  }
  const ask: Ask = (asked, act) =>
    explained(asked, async () => act(clients.of(asked.repository), repoParams(asked.repository)))

  return {
    gitToken: (repository, use) =>
      explained({ repository, to: 'give a token', what: repository }, () => clients.gitToken(repository, use)),
    whoAmI: () => explained({ repository: 'GitHub', to: 'say whose token it is', what: 'who it is' }, clients.whoAmI),
    inspect: repository =>
      ask({ repository, to: 'read the repository', what: repository }, async (octokit, repo) => {
        const { default_branch: defaultBranch, archived, permissions } = await getRepository(octokit, repo)
        mustBeWritable(repository, { archived, pushes: permissions?.push, byApp: Boolean(app) })
        await hasCommit(octokit, repo, defaultBranch, repository)
        return { defaultBranch }
      }),
    ensurePull: spec =>
      ask({ repository: spec.repository, to: 'open a pull request', what: spec.repository }, async (octokit, repo) => {
        const base = spec.base ?? (await getRepository(octokit, repo)).default_branch
        return ensurePull(octokit, repo, { ...spec, base }, log)
      }),
    updatePullText: (repository, number, body) =>
      ask(
        { repository, to: 'write the text of the pull request', what: `pull request #${number} of ${repository}` },
        async (octokit, repo) => updatePullText(octokit, repo, await getPull(octokit, repo, number), body),
      ),
    pullState: (repository, number) =>
      ask(
        { repository, to: 'read the pull request', what: `pull request #${number} of ${repository}` },
        async (octokit, repo) => stateOf(octokit, repo, await getPull(octokit, repo, number)),
      ),
    markReady: (repository, number) =>
      ask(
        {
          repository,
          to: 'mark the pull request as ready for review',
          what: `pull request #${number} of ${repository}`,
        },
        async (octokit, repo) => markReady(octokit, await getPull(octokit, repo, number)),
      ),
    verdict: (repository, head, pull) =>
      ask(
        {
          repository,
          to: 'read the checks',
          what: `commit ${head.slice(0, 7)} of pull request #${pull} of ${repository}`,
        },
        (octokit, repo) => readVerdict({ source: checksOf(octokit, repo), now, redact, checkTimeouts }, head, pull),
      ),
    person: repository =>
      ask({ repository, to: 'say whose token it is', what: 'the owner of the token' }, octokit =>
        personOf(octokit, apiUrl)),
    changes: (repository, pull) =>
      ask(
        { repository, to: 'read the changes', what: `pull request #${pull} of ${repository}` },
        async (octokit, repo) => redact(await changesOf(octokit, repo, pull)),
      ),
    cleanUp: what =>
      ask({ repository: what.repository, to: 'clean up', what: what.repository }, (octokit, repo) =>
        cleanUp(octokit, repo, what)),
    ...createDiscussion(ask),
  }
}

function createDiscussion(ask: Ask): Discussion {
  return {
    ensureIssue: spec =>
      ask({ repository: spec.repository, to: 'open an issue', what: spec.repository }, (octokit, repo) =>
        ensureIssue(octokit, repo, spec)),
    ensureComment: note =>
      ask(
        { repository: note.repository, to: 'comment', what: `#${note.number} of ${note.repository}` },
        (octokit, repo) => ensureComment(octokit, repo, note),
      ),
    ensureReplies: (note, lines) =>
      ask(
        { repository: note.repository, to: 'answer a comment', what: `#${note.number} of ${note.repository}` },
        (octokit, repo) => ensureReplies(octokit, repo, note, lines),
      ),
    issueComments: (repository, number) =>
      ask({ repository, to: 'read the comments', what: `issue #${number} of ${repository}` }, (octokit, repo) =>
        issueComments(octokit, repo, number)),
    pullComments: (repository, number) =>
      ask({ repository, to: 'read the review', what: `pull request #${number} of ${repository}` }, (octokit, repo) =>
        pullComments(octokit, repo, number)),
    mayWrite: (repository, login) =>
      ask({ repository, to: 'read who may write', what: `${login} in ${repository}` }, (octokit, repo) =>
        mayWrite(octokit, repo, login)),
    thumbsUp: (repository, comment) =>
      ask({ repository, to: 'read reactions', what: `comment ${comment} of ${repository}` }, (octokit, repo) =>
        thumbsUp(octokit, repo, comment)),
    acknowledge: (repository, nodes) =>
      ask({ repository, to: 'react to a comment', what: `a comment of ${repository}` }, octokit =>
        acknowledge(octokit, nodes)),
  }
}

async function getRepository(octokit: Octokit, repo: RepoParams) {
  const { data } = await octokit.rest.repos.get(repo)
  return repositoryResponse.parse(data)
}

function mustBeWritable(
  repository: string,
  {
    archived = false,
    pushes = true,
    byApp,
  }: { archived: boolean | undefined, pushes: boolean | undefined, byApp: boolean },
): void {
  if (archived)
    throw new GitHubError('no-access', `${repository} is archived, so nothing can be pushed to it. Unarchive it first.`)
  // GitHub says there what a person may do. An App's permissions are those of its installation, which were looked at.
  if (!pushes && !byApp) {
    throw new GitHubError(
      'no-access',
      `The GitHub token may read ${repository} but not push to it. Give it write access to contents and pull requests.`,
    )
  }
}

async function hasCommit(octokit: Octokit, repo: RepoParams, branch: string, repository: string): Promise<void> {
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
