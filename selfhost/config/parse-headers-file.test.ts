import { expect, test } from 'vitest'
import { parseHeadersFile, pathPattern } from './parse-headers-file.ts'

test('a rule is a path and the headers below it', () => {
  const text = `# all
/*
  X-Frame-Options: DENY
  Content-Security-Policy: default-src 'none'; img-src data: blob:

/assets/*
\tCache-Control:  immutable 
`
  expect(parseHeadersFile(text)).toEqual([
    { pattern: '^/.*$', headers: [['X-Frame-Options', 'DENY'], ['Content-Security-Policy', 'default-src \'none\'; img-src data: blob:']] },
    { pattern: '^/assets/.*$', headers: [['Cache-Control', 'immutable']] },
  ])
})

test.each([
  ['a header without a path', 'X-Frame-Options: DENY'],
  ['a header without a value', '/*\n  X-Frame-Options:'],
  ['a header that is taken away', '/*\n  ! X-Frame-Options'],
  ['a rule for another host', '/*\nhttps://example.com/*'],
  ['a placeholder', '/users/:name'],
])('%s is refused', (_, text) => {
  expect(() => parseHeadersFile(text)).toThrow(/is not understood|are not supported/)
})

test.each([
  ['/api/*', '/api/push', true],
  ['/api/*', '/api', false],
  ['/runner', '/runner', true],
  ['/runner', '/runner/', false],
  ['/a.b', '/axb', false],
  ['/*', '/', true],
])('%s matches %s: %s', (pattern, path, expected) => {
  expect(new RegExp(pathPattern(pattern)).test(path)).toBe(expected)
})
