import { expect, test } from 'vitest'
import { missingSettings } from './missing-settings.ts'

test.each([
  ['nothing is set', {}, ['ANTHROPIC_API_KEY', 'Claude credential', 'GITHUB_TOKEN']],
  ['only a key is set', { ANTHROPIC_API_KEY: 'k' }, ['GITHUB_TOKEN']],
  ['a subscription serves the workers but not the conversation', { CLAUDE_CODE_OAUTH_TOKEN: 't', GITHUB_TOKEN: 'g' }, ['ANTHROPIC_API_KEY']],
  ['an empty value is no value', { ANTHROPIC_API_KEY: '', GITHUB_TOKEN: 'g' }, ['ANTHROPIC_API_KEY', 'Claude credential']],
  ['all is set', { ANTHROPIC_API_KEY: 'k', GITHUB_TOKEN: 'g' }, []],
])('the missing settings are listed when %s', (_, env, names) => {
  const lines = missingSettings(env)
  expect(lines).toHaveLength(names.length)
  names.forEach((name, index) => expect(lines[index]).toContain(name))
})
