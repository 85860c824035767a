import type { GitHubEvent, Hub } from '../hub.ts'
import type { JobRecord, Pull, Repository, User, WorkflowRun } from '../state.ts'
import type { ContextValue } from './expression.ts'
import type { Trigger } from './triggers.ts'
import type { ParsedWorkflow } from './workflow.ts'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { must } from '#shared/lib/must.ts'
import { newId } from '../state.ts'
import { payloadsOf } from '../webhooks/payloads.ts'
import { executeRun } from './execute-run.ts'
import { isTriggered, unsupportedFilters } from './triggers.ts'
import { parseWorkflow } from './workflow.ts'

/** Runs kept of each repository, with their logs; a demo runs for hours. */
const MAX_RUNS = 200

/** A limit for a whole run; a workflow of the tests takes a second or two. */
const RUN_TIMEOUT_MS = 120_000

const WORKFLOWS = '.github/workflows'

export interface Actions {
  /** Resolves when no workflow run is in progress. */
  idle: () => Promise<void>
  /** Cancels a run, as a person may on its page; resolves when it has ended. */
  cancel: (run: number) => Promise<void>
  /** Cancels all runs and waits for their end. */
  close: () => Promise<void>
}

interface TriggerEvent { repository: Repository, sha: string, branch: string, actor: User, pull: Pull | null, trigger: Trigger, payload: ContextValue }

/** Runs the workflows that pushes and pull requests trigger. `root` is a folder for it alone. */
export function startActions(hub: Hub, root: string): Actions {
  const running = new Map<number, { execution: Promise<void>, cancel: AbortController }>()
  const stop = new AbortController()

  const unlisten = hub.listen(async (event) => {
    if (event.type === 'push' && event.after) {
      const { repository, branch, after: sha, by } = event
      await startTriggered({ repository, sha, branch, actor: by, pull: null, trigger: { event: 'push', branch }, payload: await payloadOf(hub, event) })
    }
    if (event.type === 'pull' && event.pull.state === 'open') {
      const { repository, pull, action } = event
      const { head, base, user: actor } = pull
      // GitHub runs these on the merge of head and base, so it runs nothing while they conflict.
      if (await repository.git.mergeTree(base.sha, head.sha)) {
        await startTriggered({
          repository,
          sha: head.sha,
          branch: head.ref,
          actor,
          pull,
          trigger: { event: 'pull_request', base: base.ref, action },
          payload: await payloadOf(hub, event),
        })
      }
    }
  })

  async function startTriggered(event: TriggerEvent) {
    const { repository, sha } = event
    const files = await repository.git.list(sha, WORKFLOWS)
    for (const path of files.filter(file => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(file))) {
      const parsed = await parseWorkflow(path, must(await repository.git.read(sha, path), path))
      if (parsed.ok ? isTriggered(parsed.workflow, event.trigger) : event.trigger.event === 'push')
        await startRun(event, path, parsed)
    }
  }

  async function startRun(event: TriggerEvent, path: string, parsed: ParsedWorkflow) {
    const { repository } = event
    const run = await newRun(event, path, parsed)
    repository.runs.push(run)
    deleteOldRuns(repository)
    const problems = parsed.ok ? unsupportedFilters(parsed.workflow) : parsed.kind === 'unsupported' ? parsed.errors : []
    if (problems.length > 0)
      hub.violation(`${path}: the fake cannot run ${problems.join(', ')}`)
    if (!parsed.ok) {
      [run.status, run.conclusion] = ['completed', 'startup_failure']
      return hub.emit({ type: 'run', repository, run })
    }
    await hub.emit({ type: 'run', repository, run })
    const cancel = new AbortController()
    const execution = executeRun({
      ...event,
      run,
      workflow: parsed.workflow,
      folder: join(root, 'work', String(run.id)),
      hub,
      signal: AbortSignal.any([stop.signal, cancel.signal, AbortSignal.timeout(RUN_TIMEOUT_MS)]),
    }).catch((error: unknown) => hub.violation(`workflow run ${run.id}: ${error instanceof Error ? error.stack : String(error)}`))
    running.set(run.id, { execution, cancel })
    void execution.finally(() => running.delete(run.id))
  }

  async function newRun({ repository, sha, branch, actor, pull, trigger }: TriggerEvent, path: string, parsed: ParsedWorkflow): Promise<WorkflowRun> {
    const workflowId = repository.workflows.get(path) ?? newId(hub.state)
    repository.workflows.set(path, workflowId)
    const { message } = await repository.git.readCommit(sha)
    const createdAt = hub.now()
    const logs = join(root, 'logs')
    await mkdir(logs, { recursive: true })
    const jobs = (parsed.ok ? parsed.workflow.jobs : []).map(({ name }): JobRecord => {
      const id = newId(hub.state)
      return { id, name, createdAt, progress: { status: 'queued' }, steps: [], log: join(logs, `${id}.log`) }
    })
    return {
      id: newId(hub.state),
      workflowId,
      number: Math.max(0, ...repository.runs.filter(run => run.workflowId === workflowId).map(run => run.number)) + 1,
      suiteId: newId(hub.state),
      name: parsed.ok ? parsed.workflow.name : path,
      path,
      title: pull?.title ?? message.split('\n')[0] ?? '',
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
      while (running.size > 0)
        await Promise.all([...running.values()].map(({ execution }) => execution))
    },
    async cancel(run) {
      const found = must(running.get(run), `workflow run ${run} in progress`)
      found.cancel.abort()
      await found.execution
    },
    async close() {
      unlisten()
      stop.abort()
      await Promise.all([...running.values()].map(({ execution }) => execution))
    },
  }
}

async function payloadOf(hub: Hub, event: GitHubEvent): Promise<ContextValue> {
  const [payload] = await payloadsOf(hub, event)
  // Expressions see the payload as JSON, without what JSON leaves out.
  return JSON.parse(JSON.stringify(must(payload, 'the payload of an event').body)) as ContextValue
}

function deleteOldRuns(repository: Repository): void {
  for (const run of repository.runs.splice(0, Math.max(0, repository.runs.length - MAX_RUNS))) {
    for (const job of run.jobs)
      void rm(job.log, { force: true })
  }
}
