import type { Conclusion, JobRecord, StepRecord } from '../state.ts'
import type { ExpressionContext, GitHubContext, Outcome } from './expression.ts'
import type { JobLog } from './log.ts'
import type { WorkflowJob, WorkflowStep } from './workflow.ts'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { must } from '#shared/lib/must.ts'
import { interpolate, interpolateAll, isConditionMet } from './expression.ts'
import { openLog } from './log.ts'
import { runScript } from './run-script.ts'

export interface JobDeps {
  now: () => Date
  /** Checks the run's commit out into a folder. */
  checkout: (folder: string) => Promise<void>
  /** A folder for this job alone, which is removed when the job ends. */
  folder: string
  /** Called after every change of the record. */
  onChange: () => void
  signal: AbortSignal
}

/** Runs the steps of a job and keeps its record: at exit it is completed, its log is written and its folder is gone. */
export async function runJob(job: WorkflowJob, record: JobRecord, github: GitHubContext, deps: JobDeps): Promise<Conclusion> {
  const startedAt = deps.now()
  const log = openLog(record.log, deps.now)
  const outcome: Outcome = { success: true, failure: false, cancelled: false }
  const workspace = join(deps.folder, 'work')
  await mkdir(workspace, { recursive: true })
  record.progress = { status: 'in_progress', startedAt }
  record.steps = job.steps.map(({ name }, index) => ({ number: index + 1, name, progress: { status: 'queued' } }))
  deps.onChange()
  log.line('Current runner version: \'2.330.0\'')
  log.line(`Complete job name: ${record.name}`)

  for (const [index, step] of job.steps.entries()) {
    const stepRecord = must(record.steps[index], `record of step ${index}`)
    const stepStartedAt = deps.now()
    stepRecord.progress = { status: 'in_progress', startedAt: stepStartedAt }
    deps.onChange()
    const context = { github, env: interpolateAll(job.env, { github, env: {}, outcome }), outcome }
    const conclusion = await runStep({ step, index, log, context, folder: deps.folder, workspace }, deps)
    if (conclusion === 'failure' && !step.continueOnError)
      Object.assign(outcome, { success: false, failure: true })
    if (deps.signal.aborted)
      Object.assign(outcome, { success: false, cancelled: true })
    stepRecord.progress = completed(stepStartedAt, deps.now(), conclusion)
    deps.onChange()
  }

  if (outcome.cancelled)
    log.error('The operation was canceled.')
  log.line('Cleaning up orphan processes')
  await log.written()
  await rm(deps.folder, { recursive: true, force: true })
  const conclusion = outcome.cancelled ? 'cancelled' : outcome.failure ? 'failure' : 'success'
  record.progress = completed(startedAt, deps.now(), conclusion)
  deps.onChange()
  return conclusion
}

interface StepRun {
  step: WorkflowStep
  index: number
  log: JobLog
  context: ExpressionContext
  folder: string
  workspace: string
}

async function runStep({ step, index, log, context, folder, workspace }: StepRun, deps: JobDeps): Promise<Conclusion> {
  if (deps.signal.aborted)
    return 'cancelled'
  try {
    const env = { ...context.env, ...interpolateAll(step.env, context) }
    if (!isConditionMet(step.condition, { ...context, env }))
      return 'skipped'
    if ('uses' in step.action)
      return await useAction(step.action.uses, { log, workspace }, deps)

    const script = interpolate(step.action.run, { ...context, env })
    const file = join(folder, `step-${index + 1}.sh`)
    await writeFile(file, script)
    const command = shellCommand(step.action.shell, file)
    const colored = script.trimEnd().split('\n').map(line => `\u001B[36;1m${line}\u001B[0m`)
    log.group(`Run ${script.split('\n')[0]}`, [...colored, `shell: ${command.join(' ').replace(file, '{0}')}`])
    const end = await runScript(
      { command, folder: join(workspace, step.action.folder), env: { ...runnerEnv(context.github, folder, workspace), ...env } },
      log.line,
      deps.signal,
    )
    if (end.kind === 'stopped')
      return 'cancelled'
    if (end.code === 0)
      return 'success'
    log.error(`Process completed with exit code ${end.code}.`)
    return 'failure'
  }
  catch (error) {
    // As on GitHub, a step that cannot be run fails, and the log has the reason.
    log.error(error instanceof Error ? error.message : String(error))
    return 'failure'
  }
}

async function useAction(uses: string, { log, workspace }: { log: JobLog, workspace: string }, { checkout }: JobDeps): Promise<Conclusion> {
  log.group(`Run ${uses}`, [])
  const action = uses.split('@')[0]
  if (action === 'actions/checkout')
    await checkout(workspace)
  else if (action !== 'actions/setup-node')
    throw new Error(`The fake runner cannot run the action ${uses}: only actions/checkout and actions/setup-node.`)
  return 'success'
}

/** The commands that Actions documents for each value of `shell`. */
function shellCommand(shell: string | null, file: string): [string, ...string[]] {
  switch (shell) {
    case null: return ['/bin/bash', '-e', file]
    case 'bash': return ['/bin/bash', '--noprofile', '--norc', '-eo', 'pipefail', file]
    case 'sh': return ['/bin/sh', '-e', file]
    default: throw new Error(`The fake runner has no shell ${shell}: only bash and sh.`)
  }
}

/** The environment of a step, without that of the test. Node is first in PATH, because `actions/setup-node` installs none. */
function runnerEnv(github: GitHubContext, folder: string, workspace: string): Record<string, string> {
  return {
    PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
    HOME: folder,
    TMPDIR: folder,
    LANG: 'C.UTF-8',
    CI: 'true',
    RUNNER_OS: 'Linux',
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: workspace,
    ...Object.fromEntries(Object.entries(github).flatMap(([name, value]) => typeof value === 'string' ? [[`GITHUB_${name.toUpperCase()}`, value]] : [])),
  }
}

function completed(startedAt: Date, completedAt: Date, conclusion: Conclusion): StepRecord['progress'] {
  return { status: 'completed', startedAt, completedAt, conclusion }
}
