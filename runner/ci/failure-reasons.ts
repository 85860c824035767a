import type { Failing } from './evaluate-checks.ts'
import type { WorkflowJob, WorkflowRun } from './observed.ts'
import type { CiSource } from './source.ts'
import { unreachable } from '#shared/lib/unreachable.ts'

/** What was found there: a raw log has its own form, words have none. */
export type Said
  = | { kind: 'log', text: string, annotations: string[] }
    | { kind: 'words', text: string }

/** One place that says why a check failed. */
export interface Reason {
  name: string
  url: string | null
  read: () => Promise<Said>
}

/**
 * Where the reasons of failing checks are found. A workflow
 * run is asked once for its jobs, however many of them failed.
 */
export async function findReasons(source: CiSource, failing: readonly Failing[]): Promise<Reason[]> {
  const runs = new Map<number, WorkflowRun>()
  const others: Reason[] = []
  for (const one of failing) {
    switch (one.source) {
      case 'workflow':
      case 'job':
        runs.set(one.run.id, one.run)
        break
      case 'app':
        others.push({
          name: one.name,
          url: one.check.url,
          read: () => reported(source, one.check.id, one.check.report),
        })
        break
      case 'status':
        others.push({ name: one.name, url: one.status.url, read: async () => words(one.status.description ?? '') })
        break
      default:
        unreachable(one)
    }
  }
  const jobs = await Promise.all([...runs.values()].map(run => ofRun(source, run)))
  return [...jobs.flat(), ...others]
}

async function ofRun(source: CiSource, run: WorkflowRun): Promise<Reason[]> {
  const jobs = failedJobs(await source.jobs(run.id))
  if (jobs.length === 0)
    return [{ name: run.name, url: run.url, read: async () => words(unstarted(run)) }]
  return jobs.map(job => ({
    name: `${run.name} / ${job.name}`,
    url: job.url,
    read: async () => {
      const log = await source.jobLog(job.id)
      // A job's check run has the job's id.
      if (log === null)
        return reported(source, job.id, stepsOf(job))
      const annotations = (await source.annotations(job.id)).filter(text => !OBVIOUS.test(text))
      return { kind: 'log', text: log, annotations }
    },
  }))
}

/** What Actions itself writes on every job that fails. */
const OBVIOUS = /Process completed with exit code \d+\.?$/

/** Jobs that failed by themselves; those that were cancelled because another failed have nothing to say. */
function failedJobs(jobs: readonly WorkflowJob[]): WorkflowJob[] {
  const unwell = jobs.filter(({ conclusion }) => !['success', 'neutral', 'skipped', null].includes(conclusion))
  const failed = unwell.filter(({ conclusion }) => conclusion !== 'cancelled')
  return failed.length > 0 ? failed : unwell
}

function unstarted({ path, conclusion }: WorkflowRun): string {
  switch (conclusion) {
    case 'startup_failure': return `GitHub could not start the workflow: ${path} is probably not valid.`
    case 'action_required': return `The workflow ${path} waits for somebody to approve it on GitHub.`
    default: return `The workflow ${path} ended as ${conclusion ?? 'nothing'} without a failing job.`
  }
}

function stepsOf({ conclusion, failingSteps }: WorkflowJob): string {
  const steps = failingSteps.length > 0 ? ` Failing steps: ${failingSteps.join(', ')}.` : ''
  return `The job ended as ${conclusion ?? 'nothing'} and has no log.${steps}`
}

async function reported(source: CiSource, checkRun: number, report: string): Promise<Said> {
  return words([report, ...await source.annotations(checkRun)].filter(Boolean).join('\n'))
}

function words(text: string): Said {
  return { kind: 'words', text }
}
