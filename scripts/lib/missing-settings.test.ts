import { expect, test } from 'vitest'
import { missingSettings } from './missing-settings.ts'

test.each([
  ['nothing is set', {}, ['ANTHROPIC_API_KEY', 'Claude credential', 'GITHUB_TOKEN']],
  ['only a key is set', { ANTHROPIC_API_KEY: 'k' }, ['GITHUB_TOKEN']],
  ['a subscription serves the workers but not the conversation', { CLAUDE_CODE_OAUTH_TOKEN: 't', GITHUB_TOKEN: 'g' }, ['ANTHROPIC_API_KEY']],
  ['an empty value is no value', { ANTHROPIC_API_KEY: '', GITHUB_TOKEN: 'g' }, ['ANTHROPIC_API_KEY', 'Claude credential']],
  ['all is set', { ANTHROPIC_API_KEY: 'k', GITHUB_TOKEN: 'g' }, []],
])('when %s, that is what is said', (_, env, about) => {
  const said = missingSettings(env)
  expect(said).toHaveLength(about.length)
  about.forEach((word, index) => expect(said[index]).toContain(word))
})
