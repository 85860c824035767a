import { expect, test } from 'vitest'
import { parseRepository } from './repository.ts'

test.each([
  ['octo/hello', 'octo/hello'],
  ['  octo/hello ', 'octo/hello'],
  ['https://github.com/octo/hello', 'octo/hello'],
  ['https://github.com/octo/hello.git', 'octo/hello'],
  ['http://www.github.com/octo/hello/', 'octo/hello'],
  ['github.com/octo/hello', 'octo/hello'],
  ['https://github.com/octo/hello/pull/3?diff=split#top', 'octo/hello'],
  ['git@github.com:octo/hello.git', 'octo/hello'],
  ['ssh://git@github.com/octo/hello.git', 'octo/hello'],
  ['octo/hello.world_2', 'octo/hello.world_2'],
])('%s is read', (input, name) => {
  expect(parseRepository(input)).toEqual({ ok: true, name })
})

test.each([
  ['', 'missing'],
  ['   ', 'missing'],
  ['https://gitlab.com/octo/hello', 'not-github'],
  ['https://github.com.evil.example/octo/hello', 'not-github'],
  ['git@bitbucket.org:octo/hello.git', 'not-github'],
  ['octo', 'malformed'],
  ['octo/', 'malformed'],
  ['/hello', 'malformed'],
  ['octo//hello/x', 'malformed'],
  ['octo/hello/x', 'malformed'],
  ['octo/..', 'malformed'],
  ['-octo/hello', 'malformed'],
  ['octo/he llo', 'malformed'],
  ['octo/hello;rm -rf', 'malformed'],
  ['https://github.com/octo', 'malformed'],
  ['https://github.com/octo/../evil', 'malformed'],
])('"%s" is refused as %s', (input, kind) => {
  expect(parseRepository(input)).toMatchObject({ ok: false, kind, message: expect.stringMatching(/\.$/) })
})
