import { expect, test } from 'vitest'
import { claudeToken } from './claude-token.ts'

// Put together here, so that nothing in the sources looks like a secret.
const TOKEN = ['sk', 'ant', 'oat01', 'x'.repeat(40)].join('-')

test('a token is accepted with white space around it', () => {
  expect(claudeToken(` ${TOKEN}\n`)).toBe(TOKEN)
})

test.each([
  ['nothing', '', 'not a token'],
  ['half of it', TOKEN.slice(0, 14), 'not a token'],
  ['two lines', `${TOKEN}\n${TOKEN}`, 'not a token'],
  ['an API key', ['sk', 'ant', 'api03', 'x'.repeat(40)].join('-'), 'ANTHROPIC_API_KEY'],
])('%s is refused with a remedy', (_, input, message) => {
  expect(() => claudeToken(input)).toThrow(message)
})
