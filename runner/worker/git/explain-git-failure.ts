import type { FailureKind } from '#shared/model/task.ts'

export interface GitFailure { kind: FailureKind, reason: string }

/** Git's words for what the person can act on, and what to tell them. The first that matches counts. */
const MEANINGS: readonly [pattern: RegExp, meaning: (about: About) => GitFailure][] = [
  [
    /could not read (?:Username|Password)|terminal prompts disabled/i,
    ({ repository, hasToken }) =>
      hasToken
        ? {
            kind: 'credential',
            reason: `GitHub did not accept the token for ${repository}. Set a GITHUB_TOKEN that is valid and may read it; a GitHub App must still be installed there.`,
          }
        : {
            kind: 'repository-no-access',
            reason: `${repository} is private or does not exist, and the runner has no GitHub token. Set GITHUB_TOKEN.`,
          },
  ],
  [
    /Authentication failed|invalid username or (?:password|token)|error: 401/i,
    ({ repository }) => ({
      kind: 'credential',
      reason: `GitHub did not accept the token for ${repository}. Set a GITHUB_TOKEN that is valid and may read it; a GitHub App must still be installed there.`,
    }),
  ],
  [
    /Repository not found|repository '[^']*' not found|error: 404|does not appear to be a git repository/i,
    ({ repository }) => ({
      kind: 'repository-not-found',
      reason: `GitHub has no repository ${repository}, or the token may not see it. Check the name and the token's access.`,
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

interface About { repository: string, hasToken: boolean }

/** Why the checkout did not work, from what git printed. */
export function explainGitFailure(stderr: string, about: About): GitFailure {
  const meaning = MEANINGS.find(([pattern]) => pattern.test(stderr))
  return meaning
    ? meaning[1](about)
    : {
        kind: 'checkout',
        reason: `${about.repository} could not be checked out: ${gitMessage(stderr) || 'git said nothing'}`,
      }
}

/** What git and the server said, without progress and prefixes; the end of it, where the reason stands. */
export function gitMessage(stderr: string): string {
  const lines = stderr
    .split(/[\r\n]+/)
    .map(line => line.replace(/^remote:\s?/, '').trim())
    .filter(
      line =>
        line !== ''
        && !/^(?:hint|Cloning into|From |To |Enumerating|Counting|Compressing|Writing|Receiving|Resolving|Total|Delta)/.test(
          line,
        ),
    )
  return lines.join('\n').slice(-MAX_WORDS)
}

/** Enough for GitHub's longest refusals (secret scanning). Characters. */
const MAX_WORDS = 1500
