import { UserError } from './user-error.ts'

export const CLAUDE_TOKEN = 'CLAUDE_CODE_OAUTH_TOKEN'

/** Checks a token of `claude setup-token` and trims it, so that a wrong one fails here and not in a worker. */
export function claudeToken(input: string): string {
  const token = input.trim()
  if (/^sk-ant-oat\d\d-[\w-]{20,}$/.test(token))
    return token
  if (token.startsWith('sk-ant-api'))
    throw new UserError('That is an API key. It needs no set-up: put it into .env as ANTHROPIC_API_KEY.')
  throw new UserError(
    'That is not a token of a Claude subscription: it begins with "sk-ant-oat" and stands on one line.',
  )
}
