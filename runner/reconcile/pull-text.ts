import type { Verdict } from '#shared/model/task-event.ts'
import type { DesiredTask } from '#shared/protocol/runner.ts'
import { unreachable } from '#shared/lib/unreachable.ts'
import { PULL_TEXT_END } from '../github/pulls.ts'

/** GitHub refuses a body above 65,536 characters. */
const MAX_BODY_LENGTH = 60_000

/**
 * The pull request's description: what it closes, what was done,
 * how CI stands, what to look at twice, where it comes from.
 */
export function pullText(
  { id, brief, summaries, flags, issue }: Pick<DesiredTask, 'id' | 'brief' | 'summaries' | 'flags' | 'issue'>,
  head: string,
  verdict: Verdict | null,
): string {
  const closes = issue ? `Closes #${issue.number}\n\n` : ''
  const done = summaries.length > 0 ? summaries.join('\n\n') : brief
  const look = flags.length > 0 ? `\n\n### Look at twice\n\n${listed(flags)}` : ''
  const checks = `\n\n### Checks\n\n${ciText(head.slice(0, 7), verdict)}`
  const origin = `\n\n---\nMade by mainloop, task \`${id}\`.\n`
  const room = MAX_BODY_LENGTH - closes.length - checks.length - look.length - origin.length
  const ours = `${closes}${done.length > room ? `${done.slice(0, room)} …` : done}${checks}${look}${origin}`
  return withoutEnd(ours) + PULL_TEXT_END
}

/** A brief, a summary or a file's name may hold the line below which people write: shown as text it ends nothing. */
function withoutEnd(text: string): string {
  return text.replaceAll(PULL_TEXT_END, `&lt;${PULL_TEXT_END.slice(1)}`)
}

function ciText(commit: string, verdict: Verdict | null): string {
  switch (verdict?.kind) {
    case undefined:
    case 'pending':
      return `Waiting for CI on ${commit}.`
    case 'passed':
      return `CI is green on ${commit}: ${verdict.checks} ${verdict.checks === 1 ? 'check' : 'checks'} passed.`
    case 'failed':
      return `Not green on ${commit}: ${plain(verdict.failure.summary)}.`
    case 'none':
      return `No CI ran on ${commit}, so nothing was verified.`
    default:
      return unreachable(verdict)
  }
}

/** Said once CI is green. */
export function summaryText({ summaries, flags }: Pick<DesiredTask, 'summaries' | 'flags'>, head: string): string {
  const look = flags.length > 0 ? `\n\nLook twice at:\n${listed(flags)}` : ''
  return `CI is green on ${head.slice(0, 7)}, so this is ready for review. Comments by people who may push here become the next attempt.\n\n${last(summaries)}${look}`.slice(
    0,
    MAX_BODY_LENGTH,
  )
}

/** Said to reviewers after their attempt. */
export function replyText({ head, summary }: NonNullable<DesiredTask['reply']>): string {
  const what = head === null ? 'Read, and nothing was changed.' : `Done in ${head.slice(0, 7)}.`
  return `${what}\n\n${summary}`.trim().slice(0, MAX_BODY_LENGTH)
}

/**
 * As many as one attempt can have; each attempt adds its own.
 * With 500 characters each they leave room for what was done.
 */
const MAX_LISTED = 50

function listed(flags: readonly string[]): string {
  const shown = flags.slice(0, MAX_LISTED).map(flag => `- ${plain(flag)}`)
  const left = flags.length - shown.length
  return [...shown, ...left > 0 ? [`- … and ${left} more, which mainloop lists`] : []].join('\n')
}

/**
 * The name of a file or a check may be anything: what GitHub would
 * take for a mention, a link or the end of an issue is shown as code.
 */
function plain(text: string): string {
  return /[@#<>[\]`*]|:\/\//.test(text) ? `\`${text.replaceAll('`', '\'')}\`` : text
}

function last(summaries: readonly string[]): string {
  return summaries.at(-1) ?? ''
}
