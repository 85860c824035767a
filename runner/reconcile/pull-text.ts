import type { Verdict } from '#shared/model/task-event.ts'
import type { DesiredTask } from '#shared/protocol/runner.ts'
import { unreachable } from '#shared/lib/unreachable.ts'
import { PULL_TEXT_END } from '../github/pulls.ts'

/** GitHub refuses a body above 65,536 characters. */
const MAX_BODY_LENGTH = 60_000

/** The pull request's description: the issue it closes, the work, the state of CI, the flags and the task's id. */
export function pullText(
  { id, brief, summaries, flags, issue }: Pick<DesiredTask, 'id' | 'brief' | 'summaries' | 'flags' | 'issue'>,
  head: string,
  verdict: Verdict | null,
): string {
  const closes = issue ? `Closes #${issue.number}\n\n` : ''
  const done = summaries.length > 0 ? summaries.join('\n\n') : brief
  const flagged = flags.length > 0 ? `\n\n### Look at twice\n\n${flagList(flags)}` : ''
  const checks = `\n\n### Checks\n\n${ciText(head.slice(0, 7), verdict)}`
  const origin = `\n\n---\nMade by mainloop, task \`${id}\`.\n`
  const room = MAX_BODY_LENGTH - closes.length - checks.length - flagged.length - origin.length
  const text = `${closes}${done.length > room ? `${done.slice(0, room)} …` : done}${checks}${flagged}${origin}`
  return escapeEnd(text) + PULL_TEXT_END
}

/** A brief, a summary or a file's name may hold the end marker, which would cut off mainloop's part there. */
function escapeEnd(text: string): string {
  return text.replaceAll(PULL_TEXT_END, `&lt;${PULL_TEXT_END.slice(1)}`)
}

/** More names of skipped jobs would not fit a line. */
const MAX_SKIPPED = 10

function ciText(commit: string, verdict: Verdict | null): string {
  switch (verdict?.kind) {
    case undefined:
    case 'pending':
      return `Waiting for CI on ${commit}.`
    case 'passed':
      return `CI is green on ${commit}: ${verdict.checks} ${verdict.checks === 1 ? 'check' : 'checks'} passed.`
    case 'failed':
      return `Not green on ${commit}: ${plain(verdict.failure.summary)}.`
    case 'draft':
      return `These jobs skip drafts and have not run on ${commit}: `
        + `${verdict.skipped.slice(0, MAX_SKIPPED).map(plain).join(', ')}.`
    case 'none':
      return `No CI ran on ${commit}, so nothing was verified.`
    default:
      return unreachable(verdict)
  }
}

/** The comment on a pull request once CI is green. */
export function summaryText({ summaries, flags }: Pick<DesiredTask, 'summaries' | 'flags'>, head: string): string {
  const intro = `CI is green on ${head.slice(0, 7)}, so this is ready for review. `
    + 'Comments by people who may push here become the next attempt.'
  const flagged = flags.length > 0 ? `\n\nLook twice at:\n${flagList(flags)}` : ''
  return `${intro}\n\n${summaries.at(-1) ?? ''}${flagged}`.slice(0, MAX_BODY_LENGTH)
}

/** The reply to reviewers after the attempt that their comments started. */
export function replyText({ head, summary }: NonNullable<DesiredTask['reply']>): string {
  const outcome = head === null ? 'Read, and nothing was changed.' : `Done in ${head.slice(0, 7)}.`
  return `${outcome}\n\n${summary}`.trim().slice(0, MAX_BODY_LENGTH)
}

/** The flags of a task add up over its attempts. With 500 characters each, this many leave room for the summaries. */
const MAX_LISTED_FLAGS = 50

function flagList(flags: readonly string[]): string {
  const items = flags.slice(0, MAX_LISTED_FLAGS).map(flag => `- ${plain(flag)}`)
  const left = flags.length - items.length
  return [...items, ...left > 0 ? [`- … and ${left} more, which mainloop lists`] : []].join('\n')
}

/** A file or a check may have any name: one that GitHub would read as a mention, a link or "closes #1" becomes code. */
function plain(text: string): string {
  return /[@#<>[\]`*]|:\/\//.test(text) ? `\`${text.replaceAll('`', '\'')}\`` : text
}
