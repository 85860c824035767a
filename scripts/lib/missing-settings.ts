/** Returns a line for each missing setting, with its consequence and its remedy. */
export function missingSettings(env: Record<string, string | undefined>): string[] {
  return [
    ...env.ANTHROPIC_API_KEY ? [] : [NO_KEY],
    ...env.ANTHROPIC_API_KEY || env.CLAUDE_CODE_OAUTH_TOKEN ? [] : [NO_CREDENTIAL],
    ...env.GITHUB_TOKEN || env.GITHUB_APP_ID ? [] : [NO_GITHUB],
  ]
}

const NO_KEY = 'No ANTHROPIC_API_KEY: the demo model answers in the conversation. Set it in .env and start again.'
const NO_CREDENTIAL = 'No Claude credential for the workers: tasks fail when Claude Code starts. '
  + 'Set ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN in .env.'
const NO_GITHUB = 'No GITHUB_TOKEN: tasks wait, because the runner cannot publish a branch or open a pull request. '
  + 'Put a token with contents and pull requests (read and write) into .env.'
