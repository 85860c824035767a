import { expect, test } from 'vitest'
import { withVariable } from './env-file.ts'

test.each([
  ['an empty file', '', 'A=new\n'],
  ['a file with others', 'B=1\n', 'B=1\nA=new\n'],
  ['a last line without an end', 'B=1', 'B=1\nA=new\n'],
  ['one that is there is replaced where it stands', '# why\nA=old\nB=1\n', '# why\nA=new\nB=1\n'],
  ['as a shell exports it', 'export A = "old"\n', 'A=new\n'],
  ['another one that begins alike', 'AB=1\n', 'AB=1\nA=new\n'],
  ['one in a comment is none', '# A=old\n', '# A=old\nA=new\n'],
])('%s', (_, before, after) => {
  expect(withVariable(before, 'A', 'new')).toBe(after)
})
