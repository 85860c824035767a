import { execFileSync } from 'node:child_process'
import process from 'node:process'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { branchProblem, isBranchName } from './branch.ts'

const GOOD = ['main', 'release/2.0', 'feature/a-b_c', 'äöü', '日本語', 'a@b', 'a{b', 'x.locks', 'a.b', 'v1.2.3', 'refs/heads/x', 'a-', 'HEAD/x']
const BAD = [
  ...['', '../../etc', 'a..b', 'x.lock', 'a/x.lock/b', 'a b', ' a', 'a\tb', 'a\nb', 'a\0b', 'a\u007Fb', '-a', '--upload-pack=x'],
  ...['.a', 'a/.b', 'a.', '/a', 'a/', 'a//b', 'a~b', 'a^b', 'a:b', 'a?b', 'a*b', 'a[b', 'a\\b', 'a@{b', '@', 'HEAD', '/', '.', '..'],
]

test.each(GOOD)('%j is a branch', (name) => {
  expect([isBranchName(name), branchProblem(name)]).toEqual([true, null])
})

test.each(BAD)('%j is no branch', (name) => {
  expect([isBranchName(name), branchProblem(name)]).toEqual([false, expect.stringContaining('cannot be a branch in git')])
})

describe('git itself agrees', () => {
  test.each([...GOOD, ...BAD].filter(name => !name.includes('\0')))('about %j', (name) => {
    expect(isBranchName(name)).toBe(gitTakes(name))
  })

  test('about names of the characters that its rules are about', () => {
    const pieces = ['.', '..', '/', '-', '@', '@{', '{', '.lock', 'lock', ' ', '~', '^', ':', '?', '*', '[', '\\', '\u0001', '\u007F']
    const piece = fc.constantFrom('a', 'é', '😀', ...pieces)
    fc.assert(fc.property(fc.array(piece, { maxLength: 5 }), (pieces) => {
      const name = pieces.join('')
      expect(isBranchName(name)).toBe(gitTakes(name))
    }), { numRuns: 100 })
  })
})

/** `check-ref-format` knows the rules for refs; those of `git branch` are on top. */
function gitTakes(name: string): boolean {
  if (name.startsWith('-') || name === '@' || name === 'HEAD')
    return false
  try {
    execFileSync('git', ['check-ref-format', `refs/heads/${name}`], { env: { PATH: process.env.PATH }, stdio: 'ignore' })
    return true
  }
  catch {
    return false
  }
}
