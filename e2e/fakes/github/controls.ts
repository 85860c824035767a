import type { ReviewGiven } from './comments.ts'
import type { Commit } from './git/bare-repository.ts'
import type { Hub } from './hub.ts'
import type { Pushes } from './pushes.ts'
import type { Annotation, Comment, CommitStatus, Conclusion, Issue, Level, Pull, Repository } from './state.ts'
import { readFile } from 'node:fs/promises'
import { must } from '#shared/lib/must.ts'
import { addComment, addReview, findComment, findIssueOrPull, react } from './comments.ts'
import { editPull, findPull, mergePull } from './pulls.ts'
import { findRepository, newId, user } from './state.ts'

export interface PullSummary {
  number: number
  title: string
  body: string
  state: 'open' | 'merged' | 'closed'
  draft: boolean
  /** The branch it comes from, and where that stands. */
  head: string
  sha: string
  base: string
  comments: CommentSummary[]
  /** Comments on lines, answers included. */
  lines: (CommentSummary & { inReplyTo: number | null })[]
  reviews: { id: number, reactions: string[] }[]
}

export interface CommentSummary {
  id: number
  login: string
  body: string
  reactions: string[]
}

export interface IssueSummary {
  number: number
  title: string
  body: string
  state: Issue['state']
  reason: Issue['stateReason']
  comments: CommentSummary[]
}

export interface RunSummary {
  id: number
  name: string
  event: 'push' | 'pull_request'
  branch: string
  sha: string
  status: 'queued' | 'in_progress' | 'completed'
  conclusion: Conclusion | 'startup_failure' | null
  jobs: { id: number, name: string, conclusion: Conclusion | null }[]
}

/** What a test reads, and what people and other apps do on GitHub while mainloop works. */
export interface GitHubControls {
  pulls: (name: string) => PullSummary[]
  issues: (name: string) => IssueSummary[]
  /** Oldest first. */
  workflowRuns: (name: string) => RunSummary[]
  jobLog: (name: string, job: number) => Promise<string>
  /** Every branch with the commit it stands at. */
  branches: (name: string) => Promise<Map<string, string>>
  /** What a branch has that the default branch has not, newest first. */
  commits: (name: string, branch: string) => Promise<Commit[]>
  commitCount: (name: string, branch: string) => Promise<number>
  /** null when the file is not there. */
  read: (name: string, revision: string, file: string) => Promise<string | null>
  /** A person pushes a commit. A null removes the file; `merging` is a branch that becomes its second parent. */
  commit: (name: string, branch: string, files: Readonly<Record<string, string | null>>, message?: string, merging?: string) => Promise<string>
  /** The repository's owner merges. */
  merge: (name: string, number: number) => Promise<string>
  closePull: (name: string, number: number) => Promise<void>
  /** Lets somebody in; those nobody let in may read at most. */
  grant: (name: string, login: string, level: Level) => void
  /** Who has a token may from now on do this much; with `none` the repository is gone for them, and GitHub says no more. */
  limit: (name: string, login: string, level: Level) => void
  comment: (name: string, number: number, body: string, login?: string) => Promise<number>
  review: (name: string, number: number, given: Partial<Omit<ReviewGiven, 'user'>> & { login?: string }) => Promise<number>
  thumbUp: (name: string, comment: number, login?: string) => void
  deleteBranch: (name: string, branch: string) => Promise<void>
  /** Another app reports on a commit; without a conclusion it is still at work. */
  addCheck: (
    name: string,
    check: { sha: string, app: string, name: string, conclusion: Conclusion | null, title?: string, summary?: string, annotations?: Annotation[] },
  ) => Promise<void>
  addStatus: (name: string, status: Pick<CommitStatus, 'sha' | 'context' | 'state'> & { description?: string }) => Promise<void>
}

export function createControls(hub: Hub, pushes: Pushes): GitHubControls {
  const named = (name: string): Repository => must(findRepository(hub.state, name), `repository ${name}`)
  const commits = (name: string, branch: string) => named(name).git.commits(`refs/heads/${branch}`, `refs/heads/${named(name).defaultBranch}`)

  return {
    commits,
    pulls: name => named(name).pulls.map(summarize),
    issues: name =>
      named(name).issues.map(({ number, title, body, state, stateReason, comments }) => ({
        number,
        title,
        body: body ?? '',
        state,
        reason: stateReason,
        comments: comments.map(summarizeComment),
      })),
    workflowRuns: name =>
      named(name).runs.map(({ id, name, event, branch, sha, status, conclusion, jobs }) => ({
        id,
        name,
        event,
        branch,
        sha,
        status,
        conclusion,
        jobs: jobs.map(({ id, name, progress }) => ({ id, name, conclusion: progress.status === 'completed' ? progress.conclusion : null })),
      })),
    jobLog: (name, id) =>
      readFile(
        must(
          named(name)
            .runs.flatMap(run => run.jobs)
            .find(job => job.id === id),
          `job ${id}`,
        ).log,
        'utf8',
      ),
    branches: name => named(name).git.branches(),
    commitCount: async (name, branch) => (await commits(name, branch)).length,
    read: (name, revision, file) => named(name).git.read(revision, file),

    async commit(name, branch, files, message = 'Change\n', merging) {
      const repository = named(name)
      const sha = await repository.git.commit(branch, files, message, merging)
      await pushes.announce(repository, repository.owner)
      return sha
    },

    async merge(name, number) {
      const repository = named(name)
      const commit = await mergePull(hub, repository, findPull(repository, number), { by: repository.owner })
      await pushes.announce(repository, repository.owner)
      return commit
    },

    closePull: (name, number) => editPull(hub, named(name), findPull(named(name), number), { state: 'closed' }),

    async comment(name, number, body, login = named(name).owner.login) {
      const repository = named(name)
      return (await addComment(hub, repository, findIssueOrPull(repository, number), { user: user(hub.state, login), body })).id
    },

    grant: (name, login, level) => {
      named(name).people.set(user(hub.state, login).login, level)
    },

    limit(name, login, level) {
      for (const account of hub.state.accounts.values()) {
        if (account.user.login === login && account.levels !== 'all')
          account.levels = new Map([...account.levels, [named(name).fullName, level]])
      }
    },

    async review(name, number, { login = named(name).owner.login, body = '', state = 'COMMENTED', lines = [] }) {
      const repository = named(name)
      return (await addReview(hub, repository, findPull(repository, number), { user: user(hub.state, login), body, state, lines })).id
    },

    thumbUp(name, comment, login = named(name).owner.login) {
      react(hub, findComment(named(name), comment).comment.reactions, user(hub.state, login), '+1')
    },

    async deleteBranch(name, branch) {
      const repository = named(name)
      await repository.git.remove(`refs/heads/${branch}`)
      await pushes.announce(repository, repository.owner)
    },

    async addCheck(name, { sha, app, name: check, conclusion, title, summary, annotations = [] }) {
      const at = hub.now()
      const repository = named(name)
      const made = {
        id: newId(hub.state),
        suiteId: newId(hub.state),
        app,
        sha,
        name: check,
        createdAt: at,
        progress: conclusion ? { status: 'completed' as const, startedAt: at, completedAt: at, conclusion } : { status: 'in_progress' as const, startedAt: at },
        output: { title: title ?? null, summary: summary ?? null },
        annotations,
      }
      repository.checks.push(made)
      await hub.emit({ type: 'check', repository, check: made })
    },

    async addStatus(name, { sha, context, state, description }) {
      const repository = named(name)
      const status = { id: newId(hub.state), sha, context, state, description: description ?? null, creator: repository.owner, createdAt: hub.now() }
      repository.statuses.push(status)
      await hub.emit({ type: 'status', repository, status })
    },
  }
}

function summarizeComment({ id, user, body, reactions }: Comment): CommentSummary {
  return { id, login: user.login, body, reactions: reactions.map(({ content }) => content) }
}

function summarize({ number, title, body, state, draft, head, base, merged, comments, lineComments, reviews }: Pull): PullSummary {
  return {
    number,
    title,
    body: body ?? '',
    state: merged ? 'merged' : state,
    draft,
    head: head.ref,
    sha: head.sha,
    base: base.ref,
    comments: comments.map(summarizeComment),
    lines: lineComments.map(comment => ({ ...summarizeComment(comment), inReplyTo: comment.inReplyTo })),
    reviews: reviews.map(({ id, reactions }) => ({ id, reactions: reactions.map(({ content }) => content) })),
  }
}
