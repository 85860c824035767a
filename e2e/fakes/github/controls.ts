import type { NewReview } from './comments.ts'
import type { Commit } from './git/bare-repository.ts'
import type { Hub } from './hub.ts'
import type { Pushes } from './pushes.ts'
import type { Annotation, Comment, CommitStatus, Conclusion, ExternalCheck, Issue, Level, Pull, Repository } from './state.ts'
import { readFile } from 'node:fs/promises'
import { must } from '#shared/lib/must.ts'
import { addComment, addReview, findComment, findIssueOrPull, react } from './comments.ts'
import { editPull, findPull, labelPull, markReady, mergePull } from './pulls.ts'
import { findRepository, newId, user } from './state.ts'

export interface PullSummary {
  number: number
  title: string
  body: string
  state: 'open' | 'merged' | 'closed'
  draft: boolean
  /** The name of its branch; `sha` is the branch's newest commit. */
  head: string
  sha: string
  base: string
  /** Numbers of edits of its title or body, by the head at that time. */
  edits: ReadonlyMap<string, number>
  comments: CommentSummary[]
  /** Comments on lines, replies included. */
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

/** Lets a test read the fake's state, and act as the people and other apps that use GitHub while mainloop works. */
export interface GitHubControls {
  pulls: (name: string) => PullSummary[]
  issues: (name: string) => IssueSummary[]
  /** Oldest first. */
  workflowRuns: (name: string) => RunSummary[]
  jobLog: (name: string, job: number) => Promise<string>
  /** The newest commit of each branch. */
  branches: (name: string) => Promise<Map<string, string>>
  /** Commits that a branch has and the default branch has not, newest first. */
  commits: (name: string, branch: string) => Promise<Commit[]>
  commitCount: (name: string, branch: string) => Promise<number>
  /** null when the file does not exist. */
  read: (name: string, revision: string, file: string) => Promise<string | null>
  /** A person pushes a commit. A null removes the file; `merging` is a branch that becomes the commit's second parent. */
  commit: (name: string, branch: string, files: Readonly<Record<string, string | null>>, message?: string, merging?: string) => Promise<string>
  /** The repository's owner merges. */
  merge: (name: string, number: number) => Promise<string>
  closePull: (name: string, number: number) => Promise<void>
  /** Gives a person without a token this level; before, they have none. */
  addCollaborator: (name: string, login: string, level: Level) => void
  /** Changes the level of an account with a token; with `none`, requests for the repository get a 404. */
  setTokenLevel: (name: string, login: string, level: Level) => void
  comment: (name: string, number: number, body: string, login?: string) => Promise<number>
  review: (name: string, number: number, review: Partial<Omit<NewReview, 'user'>> & { login?: string }) => Promise<number>
  thumbUp: (name: string, comment: number, login?: string) => void
  deleteBranch: (name: string, branch: string) => Promise<void>
  label: (name: string, number: number, label: string) => Promise<void>
  /** A person changes the title. */
  retitle: (name: string, number: number, title: string) => Promise<void>
  markReady: (name: string, number: number) => Promise<void>
  /** Another app reports on a commit; without a conclusion its check is in progress, or queued for ever. */
  addCheck: (
    name: string,
    check: Pick<ExternalCheck, 'sha' | 'app' | 'name'>
      & { conclusion: Conclusion | null, queued?: boolean, title?: string, summary?: string, annotations?: Annotation[] },
  ) => Promise<void>
  addStatus: (name: string, status: Pick<CommitStatus, 'sha' | 'context' | 'state'> & { description?: string }) => Promise<void>
}

export function createControls(hub: Hub, pushes: Pushes): GitHubControls {
  const find = (name: string): Repository => must(findRepository(hub.state, name), `repository ${name}`)
  const commits = (name: string, branch: string) => find(name).git.commits(`refs/heads/${branch}`, `refs/heads/${find(name).defaultBranch}`)

  return {
    commits,
    pulls: name => find(name).pulls.map(summarize),
    issues: name =>
      find(name).issues.map(({ number, title, body, state, stateReason, comments }) => ({
        number,
        title,
        body: body ?? '',
        state,
        reason: stateReason,
        comments: comments.map(summarizeComment),
      })),
    workflowRuns: name =>
      find(name).runs.map(({ id, name, event, branch, sha, status, conclusion, jobs }) => ({
        id,
        name,
        event,
        branch,
        sha,
        status,
        conclusion,
        jobs: jobs.map(({ id, name, progress }) => ({ id, name, conclusion: progress.status === 'completed' ? progress.conclusion : null })),
      })),
    async jobLog(name, id) {
      const jobs = find(name).runs.flatMap(run => run.jobs)
      return await readFile(must(jobs.find(job => job.id === id), `job ${id}`).log, 'utf8')
    },
    branches: name => find(name).git.branches(),
    commitCount: async (name, branch) => (await commits(name, branch)).length,
    read: (name, revision, file) => find(name).git.read(revision, file),

    async commit(name, branch, files, message = 'Change\n', merging) {
      const repository = find(name)
      const sha = await repository.git.commit(branch, files, message, merging)
      await pushes.announce(repository, repository.owner)
      return sha
    },

    async merge(name, number) {
      const repository = find(name)
      const commit = await mergePull(hub, repository, findPull(repository, number), { by: repository.owner })
      await pushes.announce(repository, repository.owner)
      return commit
    },

    closePull: (name, number) => editPull(hub, find(name), findPull(find(name), number), { state: 'closed' }),

    async comment(name, number, body, login = find(name).owner.login) {
      const repository = find(name)
      return (await addComment(hub, repository, findIssueOrPull(repository, number), { user: user(hub.state, login), body })).id
    },

    addCollaborator(name, login, level) {
      find(name).collaborators.set(user(hub.state, login).login, level)
    },

    setTokenLevel(name, login, level) {
      for (const account of hub.state.accounts.values()) {
        if (account.user.login === login && account.levels !== 'all')
          account.levels = new Map([...account.levels, [find(name).fullName, level]])
      }
    },

    async review(name, number, { login = find(name).owner.login, body = '', state = 'COMMENTED', lines = [] }) {
      const repository = find(name)
      return (await addReview(hub, repository, findPull(repository, number), { user: user(hub.state, login), body, state, lines })).id
    },

    thumbUp(name, comment, login = find(name).owner.login) {
      react(hub, findComment(find(name), comment).comment.reactions, user(hub.state, login), '+1')
    },

    async deleteBranch(name, branch) {
      const repository = find(name)
      await repository.git.remove(`refs/heads/${branch}`)
      await pushes.announce(repository, repository.owner)
    },

    label: (name, number, label) => labelPull(hub, find(name), findPull(find(name), number), label),

    retitle: (name, number, title) => editPull(hub, find(name), findPull(find(name), number), { title }),

    markReady: (name, number) => markReady(hub, find(name), findPull(find(name), number)),

    async addCheck(name, { sha, app, name: check, conclusion, queued = false, title, summary, annotations = [] }) {
      const now = hub.now()
      const repository = find(name)
      const created: ExternalCheck = {
        id: newId(hub.state),
        suiteId: newId(hub.state),
        app,
        sha,
        name: check,
        createdAt: now,
        progress: conclusion
          ? { status: 'completed', startedAt: now, completedAt: now, conclusion }
          : queued ? { status: 'queued' } : { status: 'in_progress', startedAt: now },
        output: { title: title ?? null, summary: summary ?? null },
        annotations,
      }
      repository.checks.push(created)
      await hub.emit({ type: 'check', repository, check: created })
    },

    async addStatus(name, { sha, context, state, description }) {
      const repository = find(name)
      const status = { id: newId(hub.state), sha, context, state, description: description ?? null, creator: repository.owner, createdAt: hub.now() }
      repository.statuses.push(status)
      await hub.emit({ type: 'status', repository, status })
    },
  }
}

function summarizeComment({ id, user, body, reactions }: Comment): CommentSummary {
  return { id, login: user.login, body, reactions: reactions.map(({ content }) => content) }
}

function summarize({ number, title, body, state, draft, head, base, merged, edits, comments, lineComments, reviews }: Pull): PullSummary {
  return {
    number,
    title,
    body: body ?? '',
    state: merged ? 'merged' : state,
    draft,
    head: head.ref,
    sha: head.sha,
    base: base.ref,
    edits,
    comments: comments.map(summarizeComment),
    lines: lineComments.map(comment => ({ ...summarizeComment(comment), inReplyTo: comment.inReplyTo })),
    reviews: reviews.map(({ id, reactions }) => ({ id, reactions: reactions.map(({ content }) => content) })),
  }
}
