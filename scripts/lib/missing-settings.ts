/** What is not configured, which actions fail because of it, and how to set it: one sentence each. */
export function missingSettings(env: Record<string, string | undefined>): string[] {
  return [
    ...(env.ANTHROPIC_API_KEY
      ? []
      : ['No ANTHROPIC_API_KEY: the demo model answers in the conversation. Set it in .env and start again.']),
    ...(env.ANTHROPIC_API_KEY || env.CLAUDE_CODE_OAUTH_TOKEN
      ? []
      : ['No Claude credential for the workers: tasks fail when Claude Code starts. Set ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN in .env.']),
    ...(env.GITHUB_TOKEN || env.GITHUB_APP_ID
      ? []
      : ['No GITHUB_TOKEN: tasks wait, because the runner cannot publish a branch or open a pull request. Put a token with contents and pull requests (read and write) into .env.']),
  ]
}
