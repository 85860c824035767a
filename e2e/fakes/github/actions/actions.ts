import type { Hub } from '../hub.ts'
import type { JobRecord, Pull, Repository, User, WorkflowRun } from '../state.ts'
import type { Trigger } from './triggers.ts'
import type { WorkflowReading } from './workflow.ts'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { must } from '#shared/lib/must.ts'
import { newId } from '../state.ts'
import { executeRun } from './execute-run.ts'
import { isTriggered, unsupportedFilters } from './triggers.ts'
import { readWorkflow } from './workflow.ts'

/** Older runs of a repository and their logs are forgotten: a demo runs for hours. */
const MAX_RUNS = 200

/** A whole run. A workflow of the fake takes a second or two. */
const RUN_TIMEOUT_MS = 120_000

const WORKFLOWS = '.github/workflows'

export interface Actions {
  /** Settles when no workflow run is under way. */
  idle: () => Promise<void>
  /** Stops what runs. */
  close: () => Promise<void>
}

interface Occasion { repository: Repository, sha: string, branch: string, actor: User, pull: Pull | null, trigger: Trigger }

/** Runs the workflows that pushes and pull requests call for. `root` is a folder of its own. */
export function startActions(hub: Hub, root: string): Actions {
  const under = new Set<Promise<void>>()
  const stop = new AbortController()

  const unlisten = hub.listen(async (event) => {
    if (event.type === 'push' && event.after) {
      const { repository, branch, after: sha, by } = event
      await begin({ repository, sha, branch, actor: by, pull: null, trigger: { event: 'push', branch } })
    }
    if (event.type === 'pull' && event.pull.state === 'open') {
      const { repository, pull, action } = event
      // GitHub runs these on the merge of both ends; where there is none, nothing runs.
      if (await repository.git.mergeTree(pull.base.sha, pull.head.sha)) {
        await begin({
          repository,
          sha: pull.head.sha,
          branch: pull.head.ref,
          actor: pull.user,
          pull,
          trigger: { event: 'pull_request', base: pull.base.ref, action },
        })
      }
    }
  })

  async function begin(occasion: Occasion) {
    const { repository, sha } = occasion
    const files = await repository.git.list(sha, WORKFLOWS)
    for (const path of files.filter(file => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(file))) {
      const reading = await readWorkflow(path, must(await repository.git.read(sha, path), path))
      if (reading.ok ? isTriggered(reading.workflow, occasion.trigger) : occasion.trigger.event === 'push')
        await startRun(occasion, path, reading)
    }
  }

  async function startRun(occasion: Occasion, path: string, reading: WorkflowReading) {
    const run = await newRun(occasion, path, reading)
    occasion.repository.runs.push(run)
    forgetOld(occasion.repository)
    const problems = reading.ok ? unsupportedFilters(reading.workflow) : reading.kind === 'unsupported' ? reading.errors : []
    if (problems.length > 0)
      hub.violation(`${path}: the fake cannot run ${problems.join(', ')}`)
    if (!reading.ok) {
      [run.status, run.conclusion] = ['completed', 'startup_failure']
      return hub.emit({ type: 'run', repository: occasion.repository, run })
    }
    await hub.emit({ type: 'run', repository: occasion.repository, run })
    const running = executeRun({
      ...occasion,
      run,
      workflow: reading.workflow,
      folder: join(root, 'work', String(run.id)),
      hub,
      signal: AbortSignal.any([stop.signal, AbortSignal.timeout(RUN_TIMEOUT_MS)]),
    }).catch((error: unknown) => hub.violation(`workflow run ${run.id}: ${error instanceof Error ? error.stack : String(error)}`))
    under.add(running)
    void running.finally(() => under.delete(running))
  }

  async function newRun({ repository, sha, branch, actor, pull, trigger }: Occasion, path: string, reading: WorkflowReading): Promise<WorkflowRun> {
    const workflowId = repository.workflows.get(path) ?? newId(hub.state)
    repository.workflows.set(path, workflowId)
    const [commit] = await repository.git.commits(`${sha}^!`)
    const createdAt = hub.now()
    const logs = join(root, 'logs')
    await mkdir(logs, { recursive: true })
    const jobs = (reading.ok ? reading.workflow.jobs : []).map(({ name }): JobRecord => {
      const id = newId(hub.state)
      return { id, name, createdAt, progress: { status: 'queued' }, steps: [], log: join(logs, `${id}.log`) }
    })
    return {
      id: newId(hub.state),
      workflowId,
      number: repository.runs.filter(run => run.workflowId === workflowId).reduce((last, run) => Math.max(last, run.number), 0) + 1,
      suiteId: newId(hub.state),
      name: reading.ok ? reading.workflow.name : path,
      path,
      title: pull?.title ?? must(commit, sha).message.split('\n')[0] ?? '',
      event: trigger.event,
      branch,
      sha,
      actor,
      createdAt,
      updatedAt: createdAt,
      status: 'queued',
      conclusion: null,
      jobs,
    }
  }

  return {
    async idle() {
      while (under.size > 0)
        await Promise.all(under)
    },
    async close() {
      unlisten()
      stop.abort()
      await Promise.all(under)
    },
  }
}

function forgetOld(repository: Repository): void {
  for (const run of repository.runs.splice(0, Math.max(0, repository.runs.length - MAX_RUNS))) {
    for (const job of run.jobs)
      void rm(job.log, { force: true })
  }
}
