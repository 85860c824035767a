import * as z from 'zod'
import { repositoryName } from '#shared/model/repository.ts'
import { commitSha } from '#shared/model/task.ts'

/**
 * The things that an event is about. It is only a hint what to poll, because the runner asks GitHub for the truth. A
 * repository alone means all of it.
 */
export interface Hint {
  repository: string
  commits: string[]
  branches: string[]
  /** Numbers of pull requests and issues, which GitHub counts together. */
  numbers: number[]
}

export type DeliveryContent
  = | { kind: 'hint', hint: Hint }
    /** An event that no task waits for. */
    | { kind: 'nothing' }
    /** A body that does not match GitHub's description of the event. */
    | { kind: 'unreadable' }

/** Parses a delivery of GitHub: the name of the event and its JSON body. */
export function parseDelivery(event: string, body: unknown): DeliveryContent {
  const schema = EVENTS.get(event)
  if (!schema)
    return { kind: 'nothing' }
  const { data, success } = schema.safeParse(body)
  if (!success)
    return { kind: 'unreadable' }
  return data === null
    ? { kind: 'nothing' }
    : { kind: 'hint', hint: { commits: [], branches: [], numbers: [], ...data } }
}

type Place = Pick<Hint, 'repository'> & Partial<Hint>

const name = z.string().max(1000)
const number = z.number().int().positive()
const run = z.object({ head_sha: commitSha })
const pull = z.object({ number, head: z.object({ sha: commitSha, ref: name }) })
const at = z.object({ repository: z.object({ full_name: repositoryName }) })

/** The place of an event of CI. Only its end is worth a poll, because a run sends many events while it goes on. */
function ended(action: string, repository: string, { head_sha }: z.infer<typeof run>): Place | null {
  return action === 'completed' ? { repository, commits: [head_sha] } : null
}

const aboutPull = at
  .extend({ pull_request: pull })
  .transform(({ repository, pull_request }): Place => ({
    repository: repository.full_name,
    numbers: [pull_request.number],
    commits: [pull_request.head.sha],
    branches: [pull_request.head.ref],
  }))

const aboutIssue = at
  .extend({ issue: z.object({ number }) })
  .transform(({ repository, issue }): Place => ({ repository: repository.full_name, numbers: [issue.number] }))

const EVENTS: ReadonlyMap<string, z.ZodType<Place | null>> = new Map<string, z.ZodType<Place | null>>([
  ['check_run', at
    .extend({ action: name, check_run: run })
    .transform(({ action, repository, check_run }) => ended(action, repository.full_name, check_run))],
  ['check_suite', at
    .extend({ action: name, check_suite: run })
    .transform(({ action, repository, check_suite }) => ended(action, repository.full_name, check_suite))],
  ['workflow_run', at
    .extend({ action: name, workflow_run: run })
    .transform(({ action, repository, workflow_run }) => ended(action, repository.full_name, workflow_run))],
  ['workflow_job', at
    .extend({ action: name, workflow_job: run })
    .transform(({ action, repository, workflow_job }) => ended(action, repository.full_name, workflow_job))],
  ['status', at
    .extend({ sha: commitSha })
    .transform(({ repository, sha }) => ({ repository: repository.full_name, commits: [sha] }))],
  ['pull_request', aboutPull],
  ['pull_request_review', aboutPull],
  ['pull_request_review_comment', aboutPull],
  ['issue_comment', aboutIssue],
  ['issues', aboutIssue],
  ['push', at
    .extend({ ref: name.transform(ref => ref.replace(/^refs\/heads\//, '')) })
    .transform(({ repository, ref }) => ({ repository: repository.full_name, branches: [ref] }))],
  ['delete', at
    .extend({ ref: name })
    .transform(({ repository, ref }) => ({ repository: repository.full_name, branches: [ref] }))],
  // A repository that is renamed, archived, deleted or made private concerns all its tasks.
  ['repository', at.transform(({ repository }) => ({ repository: repository.full_name }))],
])
