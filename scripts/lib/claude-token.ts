import { UserError } from './user-error.ts'

export const CLAUDE_TOKEN = 'CLAUDE_CODE_OAUTH_TOKEN'

/**
 * A token as `claude setup-token` prints it; whoever pastes an
 * API key or half a token hears it now and not from a worker.
 */
export function claudeToken(said: string): string {
  const token = said.trim()
  if (/^sk-ant-oat\d\d-[\w-]{20,}$/.test(token))
    return token
  if (token.startsWith('sk-ant-api'))
    throw new UserError('That is an API key. It needs no set-up: put it into .env as ANTHROPIC_API_KEY.')
  throw new UserError(
    'That is not a token of a Claude subscription: it begins with "sk-ant-oat" and stands on one line.',
  )
}
