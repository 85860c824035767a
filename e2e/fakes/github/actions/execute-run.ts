import type { Hub } from '../hub.ts'
import type { Conclusion, JobRecord, Pull, Repository, User, WorkflowRun } from '../state.ts'
import type { ContextValue, GitHubContext } from './expression.ts'
import type { Workflow, WorkflowJob } from './workflow.ts'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { must } from '#shared/lib/must.ts'
import { isConditionMet } from './expression.ts'
import { runJob } from './run-job.ts'

interface Execution {
  repository: Repository
  run: WorkflowRun
  workflow: Workflow
  pull: Pull | null
  actor: User
  /** The payload of the webhook about the event, as it was when the run was triggered. */
  payload: ContextValue
  /** A folder for this run alone; each job gets a folder in it. */
  folder: string
  hub: Hub
  signal: AbortSignal
}

/** Runs the jobs of a run, each after the jobs that it needs, and updates the run's record. */
export async function executeRun({ repository, run, workflow, pull, actor, payload, folder, hub, signal }: Execution): Promise<void> {
  const github = githubContext({ repository, run, pull, actor, payload, hub })
  const started = new Map<string, Promise<Conclusion>>()

  /** Starts a job unless it is started already. The parser has refused circles, so no two jobs wait for each other. */
  const conclusionOf = (id: string): Promise<Conclusion> => {
    const existing = started.get(id)
    if (existing)
      return existing
    const index = workflow.jobs.findIndex(job => job.id === id)
    const conclusion = perform(must(workflow.jobs[index], `job ${id}`), must(run.jobs[index], `record of job ${id}`))
    started.set(id, conclusion)
    return conclusion
  }

  async function perform(job: WorkflowJob, record: JobRecord): Promise<Conclusion> {
    const needed = await Promise.all(job.needs.map(conclusionOf))
    const outcome = { success: needed.every(one => one === 'success') && !signal.aborted, failure: needed.includes('failure'), cancelled: signal.aborted }
    if (!isConditionMet(job.condition, { github, env: {}, outcome }))
      return skip(record)
    return runJob(job, record, github, {
      now: hub.now,
      checkout: workspace => repository.git.checkout(run.sha, workspace),
      folder: join(folder, String(record.id)),
      onChange: () => void updateRun('in_progress', null),
      signal,
    })
  }

  async function skip(record: JobRecord): Promise<Conclusion> {
    const now = hub.now()
    await writeFile(record.log, '')
    record.progress = { status: 'completed', startedAt: now, completedAt: now, conclusion: 'skipped' }
    return 'skipped'
  }

  /** Emits an event only when the status changes. */
  function updateRun(status: WorkflowRun['status'], conclusion: WorkflowRun['conclusion']) {
    const statusChanged = run.status !== status
    Object.assign(run, { status, conclusion, updatedAt: hub.now() })
    return statusChanged ? hub.emit({ type: 'run', repository, run }) : Promise.resolve()
  }

  const conclusions = await Promise.all(workflow.jobs.map(job => conclusionOf(job.id)))
  await updateRun('completed', conclude(conclusions))
}

function conclude(jobs: readonly Conclusion[]): Conclusion {
  if (jobs.includes('cancelled'))
    return 'cancelled'
  if (jobs.includes('failure'))
    return 'failure'
  return jobs.every(job => job === 'skipped') ? 'skipped' : 'success'
}

function githubContext({ repository, run, pull, actor, payload, hub }: Omit<Execution, 'workflow' | 'folder' | 'signal'>): GitHubContext {
  return {
    event: payload,
    actor: actor.login,
    api_url: hub.links.api,
    base_ref: pull?.base.ref ?? '',
    event_name: run.event,
    head_ref: pull?.head.ref ?? '',
    ref: pull ? `refs/pull/${pull.number}/merge` : `refs/heads/${run.branch}`,
    ref_name: pull ? `${pull.number}/merge` : run.branch,
    ref_type: 'branch',
    repository: repository.fullName,
    repository_owner: repository.owner.login,
    run_id: String(run.id),
    run_number: String(run.number),
    server_url: hub.links.server,
    sha: run.sha,
    workflow: run.name,
  }
}
