import { expect, test } from 'vitest'
import { publishFlags } from './publish-flags.ts'

test.each([
  ['M', 'src/a.test.ts', ['Changes the test src/a.test.ts']],
  ['D', 'tests/test_a.py', ['Deletes the test tests/test_a.py']],
  ['M', 'pkg/a_test.go', ['Changes the test pkg/a_test.go']],
  ['M', 'src/test/java/ATest.java', ['Changes the test src/test/java/ATest.java']],
  ['A', 'src/b.spec.ts', []],
  ['M', 'src/contest.ts', []],
  ['M', 'src/latest/a.ts', []],
  ['A', '.github/workflows/ci.yml', ['Adds the workflow file .github/workflows/ci.yml']],
  ['D', '.github/workflows/ci.yml', ['Deletes the workflow file .github/workflows/ci.yml']],
  ['M', '.github/CODEOWNERS', []],
])('the change %s of %s is flagged if a reviewer should see it', (status, path, flags) => {
  expect(publishFlags([{ status, path }], [])).toEqual(flags)
})

test('flags stay within the limits of the protocol', () => {
  const flags = publishFlags(Array.from({ length: 100 }, (_, i) => ({ status: 'D', path: `test/${i}${'x'.repeat(600)}` })), null)
  expect([flags.length, Math.max(...flags.map(({ length }) => length))]).toEqual([50, 500])
})

test('skipped tests come first, and a patch that is too large is a flag', () => {
  const changes = [{ status: 'M', path: 'a.test.ts' }]
  expect(publishFlags(changes, [{ path: 'a.test.ts', added: ['it.skip()'], removed: [] }])).toEqual([
    'Skips tests in a.test.ts: it.skip',
    'Changes the test a.test.ts',
  ])
  expect(publishFlags(changes, null)).toEqual(['The change was too large to be searched for skipped tests', 'Changes the test a.test.ts'])
})
