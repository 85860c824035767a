import type { FailureKind } from '#shared/model/task.ts'

export interface GitFailure { kind: FailureKind, reason: string }

/** Explains git's messages that the person can act on. The first match counts. */
const EXPLANATIONS: readonly [pattern: RegExp, explain: (context: Context) => GitFailure][] = [
  [
    /could not read (?:Username|Password)|terminal prompts disabled/i,
    ({ repository, hasToken }) => hasToken ? refusedToken(repository) : missingToken(repository),
  ],
  [
    /Authentication failed|invalid username or (?:password|token)|error: 401/i,
    ({ repository }) => refusedToken(repository),
  ],
  [
    /Repository not found|repository '[^']*' not found|error: 404|does not appear to be a git repository/i,
    ({ repository }) => ({
      kind: 'repository-not-found',
      reason: `GitHub has no repository ${repository}, or the token may not see it. `
        + 'Check the name and the token\'s access.',
    }),
  ],
  [
    /error: 403|Permission to \S+ denied|access denied|Write access to repository not granted/i,
    ({ repository }) => ({
      kind: 'repository-no-access',
      reason: `The GitHub token may not use ${repository}. Give it read and write access to the contents.`,
    }),
  ],
]

interface Context { repository: string, hasToken: boolean }

function refusedToken(repository: string): GitFailure {
  return {
    kind: 'credential',
    reason: `GitHub did not accept the token for ${repository}. `
      + 'Set a GITHUB_TOKEN that is valid and may read it; a GitHub App must still be installed there.',
  }
}

function missingToken(repository: string): GitFailure {
  return {
    kind: 'repository-no-access',
    reason: `${repository} is private or does not exist, and the runner has no GitHub token. Set GITHUB_TOKEN.`,
  }
}

/** Explains a failed checkout by git's output. */
export function explainGitFailure(stderr: string, context: Context): GitFailure {
  const explanation = EXPLANATIONS.find(([pattern]) => pattern.test(stderr))
  return explanation
    ? explanation[1](context)
    : {
        kind: 'checkout',
        reason: `${context.repository} could not be checked out: ${gitMessage(stderr) || 'git said nothing'}`,
      }
}

/** The messages of git and the server, without progress. A long text is cut to its end, which has the reason. */
export function gitMessage(stderr: string): string {
  const lines = stderr
    .split(/[\r\n]+/)
    .map(line => line.replace(/^remote:\s?/, '').trim())
    .filter(line => line !== '' && !PROGRESS.test(line))
  return lines.join('\n').slice(-MAX_MESSAGE_LENGTH)
}

const PROGRESS
  = /^(?:hint|Cloning into|From |To |Enumerating|Counting|Compressing|Writing|Receiving|Resolving|Total|Delta)/

/** Fits GitHub's longest refusal, that of secret scanning. Characters. */
const MAX_MESSAGE_LENGTH = 1500
