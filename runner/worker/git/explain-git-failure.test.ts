import { expect, test } from 'vitest'
import { explainGitFailure, gitMessage } from './explain-git-failure.ts'

test.each([
  ['an invalid token is a credential failure', 'fatal: Authentication failed for \'https://github.com/o/r.git/\'', true, 'credential'],
  ['a refused token asks for another', 'fatal: could not read Username for \'https://github.com\': terminal prompts disabled', true, 'credential'],
  ['a missing token gives no access', 'fatal: could not read Username for \'https://github.com\': terminal prompts disabled', false, 'repository-no-access'],
  ['a missing repository is not found', 'remote: Repository not found.\nfatal: repository \'https://github.com/o/r.git/\' not found', true, 'repository-not-found'],
  ['a token without permission gives no access', 'fatal: unable to access \'…\': The requested URL returned error: 403', true, 'repository-no-access'],
  ['an unknown host is a failed checkout', 'fatal: unable to access \'…\': Could not resolve host: github.com', true, 'checkout'],
  ['no output is a failed checkout', '', true, 'checkout'],
])('%s', (_, stderr, hasToken, kind) => {
  expect(explainGitFailure(stderr, { repository: 'o/r', hasToken })).toMatchObject({ kind, reason: expect.stringContaining('o/r') })
})

test('the server\'s messages are kept, and progress is removed', () => {
  expect(gitMessage('Counting objects: 1\rCounting objects: 2\nremote: error: no workflow scope\nTo https://github.com/o/r\n ! [remote rejected]\n'))
    .toBe('error: no workflow scope\n! [remote rejected]')
})
