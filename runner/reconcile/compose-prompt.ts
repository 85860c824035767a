import type { CheckFailure } from '#shared/model/task.ts'
import type { DesiredTask } from '#shared/protocol/runner.ts'
import { unreachable } from '#shared/lib/unreachable.ts'
import { untrusted, UNTRUSTED_RULE } from '#shared/text/untrusted.ts'

type Attempt = Extract<DesiredTask['work'], { do: 'attempt' }>

/** The prompt of the task's attempt for Claude Code. Throws when the task wants no attempt, a bug of the caller. */
export function composePrompt(task: DesiredTask, changes: string | null): string {
  const { work } = task
  if (work.do !== 'attempt')
    throw new Error(`task ${task.id} wants "${work.do}", not an attempt`)
  return [
    `You work on the repository ${task.repository}; the current directory is a checkout of it. ${UNTRUSTED_RULE}`,
    section('Task', `${task.title}\n\n${task.brief}`),
    work.plan === null ? null : section(planHeading(work), work.plan),
    work.guidance.length === 0
      ? null
      : section('What the person said since, oldest first; it goes before the plan', bullets(work.guidance)),
    task.summaries.length === 0
      ? null
      : section('What earlier attempts did on this branch, oldest first', bullets(task.summaries)),
    changes === null ? null : section('What the pull request changes so far', untrusted('diff', cut(changes))),
    section('What to do now', instructions(work.assignment)),
  ]
    .filter(part => part !== null)
    .join('\n\n')
}

/** Characters, about 8,000 tokens: enough to see the direction of the change; the checkout has the rest. */
const MAX_CHANGES_LENGTH = 32_000

function cut(changes: string): string {
  return changes.length > MAX_CHANGES_LENGTH
    ? `${changes.slice(0, MAX_CHANGES_LENGTH)}\n… the rest is in the checkout`
    : changes
}

function instructions(assignment: Attempt['assignment']): string {
  switch (assignment.phase) {
    case 'plan':
      return `Make a plan for this task and change nothing. Read the code it touches first. The plan is Markdown
for a person who decides on it: what changes, where, how it will be verified, and what could go wrong. Discuss a
question only when the answer changes the plan and is not in the repository; offer options where you can. With no
such question, return none.`
    case 'implement':
      return `Implement the task completely, in the style of the code around it, with tests where the repository has
tests. Run the repository's own checks if you can, and fix what they find.\n\n${CLOSING}`
    case 'fix':
      return `${failureIntro(assignment.failure)}\n\n${failures(assignment.failure)}

Find the cause in the code and fix it. Do not weaken, skip or delete a test, and do not change a workflow, to make a
check pass; if a check itself is wrong, say so in your summary and leave it. Run the failing command yourself before
you finish, if you can.\n\n${CLOSING}`
    case 'feedback':
      if (assignment.comments.length === 0) {
        return `The person said something since the last attempt; it stands last in what they said. Do what it asks
of this change, and leave the rest as it is.\n\n${CLOSING}`
      }
      return `Reviewers left the comments below on the pull request. Do what they ask of this change, as far as it
serves the task; where a comment asks a question, answer it in your summary; where one asks for something else, say
that you left it.\n\n${comments(assignment.comments)}\n\n${CLOSING}`
    default:
      return unreachable(assignment)
  }
}

const CLOSING = `When the working tree already holds uncommitted changes that you did not expect, they are the
unfinished work of an earlier attempt at this that was interrupted: go on from them. Leave your changes in the working
tree: they are committed and pushed for you after you finish, and you hold no credentials to do it yourself.
End with a short summary for the pull request: what changed and why, and how you verified it.`

function comments(texts: readonly { text: string }[]): string {
  return texts.map(({ text }, i) => untrusted(`comment ${i + 1} of ${texts.length}`, text)).join('\n\n')
}

function planHeading({ assignment }: Attempt): string {
  return assignment.phase === 'plan' ? 'The plan so far, to be revised' : 'The approved plan'
}

function failureIntro({ kind }: CheckFailure): string {
  switch (kind) {
    case 'checks':
      return 'Checks failed on the commit you stand on.'
    case 'conflict':
      return `The branch conflicts with its base. The working tree stands in the middle of the merge: resolve every
conflict so that both sides keep their intent, and leave no conflict mark. Do not commit.`
    default:
      return unreachable(kind)
  }
}

function failures({ summary, jobs }: CheckFailure): string {
  return [
    untrusted('what failed', summary),
    ...jobs.map(({ name, excerpt }) => untrusted('a failing job and its log\'s excerpt', `${name}\n\n${excerpt}`)),
  ].join('\n\n')
}

function section(heading: string, text: string): string {
  return `# ${heading}\n\n${text}`
}

function bullets(texts: readonly string[]): string {
  return texts.map(text => `- ${text.replaceAll('\n', '\n  ')}`).join('\n')
}
