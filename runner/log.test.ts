import { expect, test } from 'vitest'
import { createLog, secretsOf } from './log.ts'

const secrets = secretsOf({
  runnerToken: 'the-runners-own-token',
  github: { token: 'a-token-of-github', app: null, apiUrl: '', serverUrl: '' },
  claude: { apiKey: null, oauthToken: 'a-token-of-claude', baseUrl: null },
})

test('no line contains a secret from its sentence, an error or the error\'s cause', () => {
  const lines: string[] = []
  const log = createLog({ level: 'info', pretty: false }, secrets, { write: line => void lines.push(line) })
  log.info('Connected with the-runners-own-token.')
  log.error(new Error('https://x:a-token-of-github@github.com was refused', { cause: new Error('Bearer a-token-of-claude') }), 'Could not push.')
  log.warn({ header: 'Authorization: Bearer something-else' }, 'A header nobody told us of')
  const text = lines.join('')
  for (const secret of [...secrets, 'something-else'])
    expect(text).not.toContain(secret)
  expect(lines.map(line => JSON.parse(line).msg)).toEqual(['Connected with [redacted].', 'Could not push.', 'A header nobody told us of'])
})
