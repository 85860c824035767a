import type { BareRepository } from './git/bare-repository.ts'

export interface User {
  id: number
  login: string
  type: 'User' | 'Bot'
}

export type Level = 'none' | 'read' | 'write'

export interface Label {
  id: number
  name: string
}

export interface Pull {
  id: number
  number: number
  title: string
  body: string | null
  draft: boolean
  state: 'open' | 'closed'
  user: User
  head: { ref: string, sha: string }
  base: { ref: string, sha: string }
  createdAt: Date
  updatedAt: Date
  closedAt: Date | null
  merged: { at: Date, by: User, commit: string } | null
  comments: Comment[]
  reviews: Review[]
  lineComments: LineComment[]
  labels: Label[]
  /** Numbers of edits of its title or body, by the head at that time. */
  edits: Map<string, number>
}

export interface Issue {
  id: number
  number: number
  title: string
  body: string | null
  state: 'open' | 'closed'
  stateReason: 'completed' | 'not_planned' | null
  user: User
  createdAt: Date
  updatedAt: Date
  closedAt: Date | null
  comments: Comment[]
}

export interface Review {
  id: number
  user: User
  body: string
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED'
  sha: string
  submittedAt: Date
  reactions: Reaction[]
}

/** A comment on a line of a pull request's diff. */
export interface LineComment extends Comment {
  /** The review that it belongs to; null for a reply in a thread. */
  reviewId: number | null
  inReplyTo: number | null
  path: string
  line: number
  hunk: string
  sha: string
}

export interface Reaction {
  id: number
  user: User
  content: '+1' | 'eyes'
  createdAt: Date
}

export interface Comment {
  id: number
  user: User
  body: string
  createdAt: Date
  updatedAt: Date
  reactions: Reaction[]
}

export type Conclusion = 'success' | 'failure' | 'neutral' | 'cancelled' | 'skipped' | 'timed_out' | 'action_required'

/** The status of a check, job or step, which has a conclusion exactly when it is completed. */
export type Progress
  = | { status: 'queued' }
    | { status: 'in_progress', startedAt: Date }
    | { status: 'completed', startedAt: Date, completedAt: Date, conclusion: Conclusion }

export interface StepRecord {
  number: number
  name: string
  progress: Progress
}

/** One job of a workflow run. As on GitHub, it is also a check run with the same id. */
export interface JobRecord {
  id: number
  name: string
  createdAt: Date
  progress: Progress
  steps: StepRecord[]
  /** The path of its log file. */
  log: string
}

export interface WorkflowRun {
  id: number
  workflowId: number
  /** Numbers the runs of one workflow from 1. */
  number: number
  suiteId: number
  /** The workflow's own name, or its path when it has none or is invalid. */
  name: string
  path: string
  title: string
  event: 'push' | 'pull_request'
  branch: string
  sha: string
  actor: User
  createdAt: Date
  updatedAt: Date
  status: 'queued' | 'in_progress' | 'completed'
  conclusion: Conclusion | 'startup_failure' | null
  jobs: JobRecord[]
}

export interface Annotation {
  path: string
  line: number
  level: 'notice' | 'warning' | 'failure'
  message: string
}

/** A check run of an app other than Actions. */
export interface ExternalCheck {
  id: number
  suiteId: number
  app: string
  sha: string
  name: string
  createdAt: Date
  progress: Progress
  output: { title: string | null, summary: string | null }
  annotations: Annotation[]
}

export interface CommitStatus {
  id: number
  sha: string
  context: string
  state: 'error' | 'failure' | 'pending' | 'success'
  description: string | null
  creator: User
  createdAt: Date
}

export interface Repository {
  id: number
  owner: User
  name: string
  /** `owner/name`. */
  fullName: string
  defaultBranch: string
  private: boolean
  archived: boolean
  /** Whether its owner's plan includes draft pull requests. */
  drafts: boolean
  /** The checks that branch protection requires for the default branch. */
  requiredChecks: string[]
  createdAt: Date
  pushedAt: Date
  git: BareRepository
  pulls: Pull[]
  issues: Issue[]
  /** Levels of people without a token, by login. */
  collaborators: Map<string, Level>
  runs: WorkflowRun[]
  /** Ids of workflows, by path. */
  workflows: Map<string, number>
  checks: ExternalCheck[]
  statuses: CommitStatus[]
}

export interface Account {
  user: User
  /** By the full name of the repository; `all` is write access to every repository. */
  levels: 'all' | ReadonlyMap<string, Level>
  /** The following are set for an App's token only. */
  permissions?: Readonly<Record<string, string>>
  /** Removing this installation revokes the token. */
  installation?: number
  expiresAt?: Date
}

export interface App {
  id: number
  slug: string
  /** PEM. */
  publicKey: string
  installations: Installation[]
}

export interface Installation {
  id: number
  owner: User
  /** Full names. */
  repositories: string[]
  permissions: Record<string, string>
  suspendedAt: Date | null
  createdAt: Date
}

export interface State {
  repositories: Map<string, Repository>
  users: Map<string, User>
  /** By token. */
  accounts: Map<string, Account>
  apps: App[]
  lastId: number
}

export function createState(): State {
  // Ids begin this high so that a bug which confuses an id with a pull request's number is found.
  return { repositories: new Map(), users: new Map(), accounts: new Map(), apps: [], lastId: 10_000 }
}

export function newId(state: State): number {
  return ++state.lastId
}

export function user(state: State, login: string): User {
  const existing = state.users.get(login)
  if (existing)
    return existing
  const created: User = { id: newId(state), login, type: login.endsWith('[bot]') ? 'Bot' : 'User' }
  state.users.set(login, created)
  return created
}

/** Ignores the case of the name, as GitHub does. */
export function findRepository(state: State, fullName: string): Repository | undefined {
  return state.repositories.get(fullName.toLowerCase())
}

export function levelOf(account: Account, { fullName }: Repository): Level {
  return account.levels === 'all' ? 'write' : account.levels.get(fullName) ?? 'none'
}

/** The level of a person with or without a token. */
export function levelOfUser(state: State, repository: Repository, login: string): Level {
  const account = [...state.accounts.values()].find(({ user }) => user.login === login)
  return account ? levelOf(account, repository) : repository.owner.login === login ? 'write' : repository.collaborators.get(login) ?? 'none'
}

/** GitHub numbers the issues and pull requests of a repository together. */
export function nextNumber({ pulls, issues }: Repository): number {
  return Math.max(0, ...[...pulls, ...issues].map(({ number }) => number)) + 1
}
