import { expect, test } from 'vitest'
import { explainGitFailure, gitMessage } from './explain-git-failure.ts'

test.each([
  ['a token that is not accepted', 'fatal: Authentication failed for \'https://github.com/o/r.git/\'', true, 'credential'],
  ['a refused token asks for another', 'fatal: could not read Username for \'https://github.com\': terminal prompts disabled', true, 'credential'],
  ['no token where one is needed', 'fatal: could not read Username for \'https://github.com\': terminal prompts disabled', false, 'repository-no-access'],
  ['a repository that is not there', 'remote: Repository not found.\nfatal: repository \'https://github.com/o/r.git/\' not found', true, 'repository-not-found'],
  ['a token without the right', 'fatal: unable to access \'…\': The requested URL returned error: 403', true, 'repository-no-access'],
  ['a host that does not answer', 'fatal: unable to access \'…\': Could not resolve host: github.com', true, 'checkout'],
  ['silence', '', true, 'checkout'],
])('%s', (_, stderr, hasToken, kind) => {
  expect(explainGitFailure(stderr, { repository: 'o/r', hasToken })).toMatchObject({ kind, reason: expect.stringContaining('o/r') })
})

test('the server\'s words are kept, progress is not', () => {
  expect(gitMessage('Counting objects: 1\rCounting objects: 2\nremote: error: no workflow scope\nTo https://github.com/o/r\n ! [remote rejected]\n'))
    .toBe('error: no workflow scope\n! [remote rejected]')
})
