import type { Verdict } from '#shared/model/task-event.ts'
import type { CheckFailure } from '#shared/model/task.ts'
import type { CheckTimeouts, Failing } from './evaluate-checks.ts'
import type { FailureOutput } from './failure-sources.ts'
import type { CiSource } from './source.ts'
import { must } from '#shared/lib/must.ts'
import { unreachable } from '#shared/lib/unreachable.ts'
import { MAX_FAILURE_LENGTH } from '#shared/model/limits.ts'
import { evaluateChecks } from './evaluate-checks.ts'
import { excerpt } from './excerpt.ts'
import { findFailureSources } from './failure-sources.ts'
import { logLines } from './log-lines.ts'
import { share } from './share.ts'

export interface VerdictDeps {
  source: CiSource
  now: () => number
  /** Removes secrets: GitHub masks only those that the repository has registered. */
  redact: (text: string) => string
  checkTimeouts?: CheckTimeouts | undefined
}

/** The verdict on a commit of a pull request. A failure comes with excerpts of the logs. */
export async function readVerdict(deps: VerdictDeps, head: string, pull: number): Promise<Verdict> {
  const observed = await deps.source.observe(head, pull)
  const evaluation = evaluateChecks(observed, deps.now(), deps.checkTimeouts)
  switch (evaluation.kind) {
    case 'passed':
    case 'none':
      return evaluation
    case 'pending':
      return {
        kind: 'pending',
        waitingFor: shortNames(evaluation.waitingFor),
        isRunning: evaluation.isRunning,
      }
    case 'draft':
      return { kind: 'draft', skipped: shortNames(evaluation.skipped) }
    case 'conflict':
      return {
        kind: 'failed',
        failure: { kind: 'conflict', summary: `the branch conflicts with ${observed.base}`, jobs: [] },
      }
    case 'failed':
      return { kind: 'failed', failure: await explain(deps, evaluation.failing, evaluation.checks) }
    default:
      return unreachable(evaluation)
  }
}

/** The limits of `verdict` in shared/model/task-event.ts. Lengths in characters. */
const MAX_NAMES = 100
const MAX_NAME_LENGTH = 300
const MAX_SUMMARY_LENGTH = 1000
const MAX_URL_LENGTH = 2000
const MAX_JOBS = 50

/** Logs to read. The jobs of a matrix mostly fail for the same reason, and a log can be large. */
const MAX_READ = 8

function shortNames(names: readonly string[]): string[] {
  return names.slice(0, MAX_NAMES).map(name => name.slice(0, MAX_NAME_LENGTH))
}

async function explain(
  { source, redact }: VerdictDeps,
  failing: readonly Failing[],
  checks: number,
): Promise<CheckFailure> {
  const found = (await findFailureSources(source, failing)).slice(0, MAX_JOBS)
  const parts = await Promise.all(
    found.map(async ({ name, url, read }, index) => ({
      name,
      url,
      shorten: index < MAX_READ ? excerptOf(await read(), redact) : () => 'Not read: too many checks failed.',
    })),
  )
  const limits = share(
    parts.map(({ shorten }) => shorten(MAX_FAILURE_LENGTH).length),
    MAX_FAILURE_LENGTH,
  )
  const summary = `${listNames(failing.map(({ name }) => name))} did not pass (${failing.length} of ${checks})`
  return {
    kind: 'checks',
    summary: summary.slice(0, MAX_SUMMARY_LENGTH),
    jobs: parts.map(({ name, url, shorten }, index) => ({
      name: name.slice(0, MAX_NAME_LENGTH),
      url: url === null || url.length > MAX_URL_LENGTH ? null : url,
      excerpt: shorten(must(limits[index], 'the share of an excerpt')),
    })),
  }
}

/** Annotations stand before the log and must leave room for it. Characters. */
const MAX_ANNOTATIONS_LENGTH = 4000

function excerptOf(output: FailureOutput, redact: VerdictDeps['redact']): (limit: number) => string {
  const lines = logLines(output.text, redact)
  if (output.kind === 'text')
    return limit => lines.join('\n').slice(0, limit)
  const annotations = logLines(output.annotations.join('\n'), redact).join('\n').slice(0, MAX_ANNOTATIONS_LENGTH)
  const head = output.annotations.length > 0 ? `${annotations}\n` : ''
  return limit => (head + excerpt(lines, Math.max(0, limit - head.length))).slice(0, limit)
}

/** More names would not fit one line. */
const MAX_LISTED = 5

function listNames(names: readonly string[]): string {
  const more = names.length - MAX_LISTED
  const listed = names.slice(0, MAX_LISTED).map(name => name.slice(0, 100)).join(', ')
  return more > 0 ? `${listed} and ${more} more` : listed
}
