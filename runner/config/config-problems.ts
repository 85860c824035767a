import type { Problem } from '#shared/model/status.ts'
import type { Config } from './config.ts'

/** The problems that a missing credential will cause, with their remedies. The runner starts all the same. */
export function configProblems({ github, claude }: Pick<Config, 'github' | 'claude'>): Problem[] {
  const problems: Problem[] = []
  if (github.token === null && github.app === null) {
    problems.push({
      what: 'Tasks wait: without a GitHub credential the runner reads no private repository, publishes no branch and '
        + 'opens no pull request.',
      how: 'Set GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY for the runner, or GITHUB_TOKEN: a token with write access to '
        + 'contents and pull requests and read access to checks, statuses and actions.',
    })
  }
  if (claude.apiKey === null && claude.oauthToken === null) {
    problems.push({
      what: 'Workers cannot ask Claude, so every attempt fails.',
      how: 'Set ANTHROPIC_API_KEY for the runner, or CLAUDE_CODE_OAUTH_TOKEN with the token that "claude setup-token" '
        + 'prints.',
    })
  }
  return problems
}
