import type { Verdict } from '#shared/model/task-event.ts'
import type { CheckFailure } from '#shared/model/task.ts'
import type { CheckTimeouts, Failing } from './evaluate-checks.ts'
import type { Said } from './failure-reasons.ts'
import type { CiSource } from './source.ts'
import { must } from '#shared/lib/must.ts'
import { unreachable } from '#shared/lib/unreachable.ts'
import { MAX_FAILURE_LENGTH } from '#shared/model/limits.ts'
import { evaluateChecks } from './evaluate-checks.ts'
import { excerpt } from './excerpt.ts'
import { findReasons } from './failure-reasons.ts'
import { logLines } from './log-lines.ts'
import { share } from './share.ts'

export interface VerdictDeps {
  source: CiSource
  now: () => number
  /** Takes secrets out: GitHub only masks those it was told about. */
  redact: (text: string) => string
  checkTimeouts?: CheckTimeouts | undefined
}

/** The verdict on a commit of a pull request, with the failing parts of the logs when it failed. */
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
        waitingFor: evaluation.waitingFor.slice(0, MAX_NAMES).map(name => name.slice(0, MAX_NAME_LENGTH)),
      }
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

/** As the protocol allows. */
const MAX_NAMES = 100
const MAX_NAME_LENGTH = 300
const MAX_SUMMARY_LENGTH = 1000
const MAX_URL_LENGTH = 2000
const MAX_JOBS = 50

/** The rows of a matrix mostly fail for one reason, and a log can be large: the others are only named. */
const MAX_READ = 8

async function explain(
  { source, redact }: VerdictDeps,
  failing: readonly Failing[],
  checks: number,
): Promise<CheckFailure> {
  const found = (await findReasons(source, failing)).slice(0, MAX_JOBS)
  const parts = await Promise.all(
    found.map(async ({ name, url, read }, index) => ({
      name,
      url,
      within: index < MAX_READ ? shortener(await read(), redact) : () => 'Not read: too many checks failed.',
    })),
  )
  const limits = share(
    parts.map(({ within }) => within(MAX_FAILURE_LENGTH).length),
    MAX_FAILURE_LENGTH,
  )
  return {
    kind: 'checks',
    summary: `${listed(failing.map(({ name }) => name))} did not pass (${failing.length} of ${checks})`.slice(
      0,
      MAX_SUMMARY_LENGTH,
    ),
    jobs: parts.map(({ name, url, within }, index) => ({
      name: name.slice(0, MAX_NAME_LENGTH),
      url: url === null || url.length > MAX_URL_LENGTH ? null : url,
      excerpt: within(must(limits[index], 'the share of an excerpt')),
    })),
  }
}

/** What a tool marked in the code, before its log. Characters. */
const MAX_NOTES_LENGTH = 4000

function shortener(reason: Said, redact: VerdictDeps['redact']): (limit: number) => string {
  const lines = logLines(reason.text, redact)
  if (reason.kind === 'words')
    return limit => lines.join('\n').slice(0, limit)
  const notes
    = reason.annotations.length > 0
      ? `${logLines(reason.annotations.join('\n'), redact).join('\n').slice(0, MAX_NOTES_LENGTH)}\n`
      : ''
  return limit => (notes + excerpt(lines, Math.max(0, limit - notes.length))).slice(0, limit)
}

/** Few enough to be read in one line. */
const MAX_LISTED = 5

function listed(names: readonly string[]): string {
  const more = names.length - MAX_LISTED
  const shown = names.slice(0, MAX_LISTED).map(name => name.slice(0, 100))
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ')
}
