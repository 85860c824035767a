import type { Failing } from './evaluate-checks.ts'
import type { WorkflowJob, WorkflowRun } from './observed.ts'
import type { CiSource } from './source.ts'
import { unreachable } from '#shared/lib/unreachable.ts'

/** The output that explains a failure. Only a raw log has steps and timestamps. */
export type FailureOutput
  = | { kind: 'log', text: string, annotations: string[] }
    | { kind: 'text', text: string }

/** A log or a report that explains why a check failed. */
export interface FailureSource {
  name: string
  url: string | null
  read: () => Promise<FailureOutput>
}

/** Finds the outputs of failing checks. It asks for a workflow run's jobs once, however many of them failed. */
export async function findFailureSources(source: CiSource, failing: readonly Failing[]): Promise<FailureSource[]> {
  const runs = new Map<number, WorkflowRun>()
  const others: FailureSource[] = []
  for (const item of failing) {
    switch (item.source) {
      case 'workflow':
      case 'job':
        runs.set(item.run.id, item.run)
        break
      case 'app':
        others.push({
          name: item.name,
          url: item.check.url,
          read: () => checkReport(source, item.check.id, item.check.report),
        })
        break
      case 'status':
        others.push({
          name: item.name,
          url: item.status.url,
          read: async () => plainText(item.status.description ?? ''),
        })
        break
      default:
        unreachable(item)
    }
  }
  const jobs = await Promise.all([...runs.values()].map(run => sourcesOfRun(source, run)))
  return [...jobs.flat(), ...others]
}

async function sourcesOfRun(source: CiSource, run: WorkflowRun): Promise<FailureSource[]> {
  const jobs = failedJobs(await source.jobs(run.id))
  if (jobs.length === 0)
    return [{ name: run.name, url: run.url, read: async () => plainText(describeRun(run)) }]
  return jobs.map(job => ({
    name: `${run.name} / ${job.name}`,
    url: job.url,
    read: async () => {
      const log = await source.jobLog(job.id)
      // GitHub gives a job and its check run the same id.
      if (log === null)
        return checkReport(source, job.id, describeJob(job))
      const annotations = (await source.annotations(job.id)).filter(text => !EXIT_CODE_ANNOTATION.test(text))
      return { kind: 'log', text: log, annotations }
    },
  }))
}

/** Actions adds this annotation to every failed job. */
const EXIT_CODE_ANNOTATION = /Process completed with exit code \d+\.?$/

/** The jobs that failed on their own. Jobs that Actions cancelled because another failed explain nothing. */
function failedJobs(jobs: readonly WorkflowJob[]): WorkflowJob[] {
  const notPassed = jobs.filter(({ conclusion }) => !['success', 'neutral', 'skipped', null].includes(conclusion))
  const failed = notPassed.filter(({ conclusion }) => conclusion !== 'cancelled')
  return failed.length > 0 ? failed : notPassed
}

function describeRun({ path, conclusion }: WorkflowRun): string {
  return conclusion === 'startup_failure'
    ? `GitHub could not start the workflow: ${path} is probably not valid.`
    : `The workflow ${path} ended as ${conclusion ?? 'nothing'} without a failing job.`
}

function describeJob({ conclusion, failingSteps }: WorkflowJob): string {
  const steps = failingSteps.length > 0 ? ` Failing steps: ${failingSteps.join(', ')}.` : ''
  return `The job ended as ${conclusion ?? 'nothing'} and has no log.${steps}`
}

async function checkReport(source: CiSource, checkRun: number, report: string): Promise<FailureOutput> {
  return plainText([report, ...await source.annotations(checkRun)].filter(Boolean).join('\n'))
}

function plainText(text: string): FailureOutput {
  return { kind: 'text', text }
}
