import { expect, test } from 'vitest'
import { withVariable } from './env-file.ts'

test.each([
  ['an empty file gets the variable', '', 'A=new\n'],
  ['a new variable comes last', 'B=1\n', 'B=1\nA=new\n'],
  ['a last line without a line end gets one', 'B=1', 'B=1\nA=new\n'],
  ['an old variable is replaced in its place', '# why\nA=old\nB=1\n', '# why\nA=new\nB=1\n'],
  ['an exported variable is replaced', 'export A = "old"\n', 'A=new\n'],
  ['a variable with the same beginning stays', 'AB=1\n', 'AB=1\nA=new\n'],
  ['a variable in a comment stays', '# A=old\n', '# A=old\nA=new\n'],
])('%s', (_, before, after) => {
  expect(withVariable(before, 'A', 'new')).toBe(after)
})
