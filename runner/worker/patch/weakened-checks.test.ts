import { expect, test } from 'vitest'
import { parsePatch } from './parse-patch.ts'
import { weakenedChecks } from './weakened-checks.ts'

/** A patch of one file, from lines with their signs. */
function patch(path: string, ...lines: string[]): string {
  return [`diff --git a/${path} b/${path}`, 'index 1..2 100644', `--- a/${path}`, `+++ b/${path}`, '@@ -1 +1 @@', ...lines, ''].join('\n')
}

const weak = (...patches: string[]) => weakenedChecks(parsePatch(patches.join('')))

test.each<[path: string, added: string, found: string]>([
  // Skipped
  ['a.test.ts', 'it.skip(\'adds\', () => {})', 'Skips tests in a.test.ts: it.skip'],
  ['a.test.ts', '  test.concurrent.skip(\'adds\', () => {})', 'Skips tests in a.test.ts: test.concurrent.skip'],
  ['a.test.ts', 'describe.skipIf(process.env.CI)(\'adds\', () => {})', 'Skips tests in a.test.ts: describe.skipIf'],
  ['a.test.ts', 'test.fails(\'adds\', () => {})', 'Skips tests in a.test.ts: test.fails'],
  ['a.test.ts', 'bench.skip(\'adds\', () => {})', 'Skips tests in a.test.ts: bench.skip'],
  ['a.test.ts', 'xit(\'adds\', () => {})', 'Skips tests in a.test.ts: xit'],
  ['spec/a_spec.rb', 'xdescribe "adds" do', 'Skips tests in spec/a_spec.rb: xdescribe'],
  ['spec/a_spec.rb', '  pending "adds"', 'Skips tests in spec/a_spec.rb: pending "'],
  ['test/a.js', 'test(\'adds\', { skip: true }, () => {})', 'Skips tests in test/a.js: skip: true'],
  ['test/a.js', '  t.skip(\'later\')', 'Skips tests in test/a.js: t.skip('],
  ['test/a.js', '    this.skip()', 'Skips tests in test/a.js: this.skip('],
  ['tests/test_a.py', '@pytest.mark.skip(reason="flaky")', 'Skips tests in tests/test_a.py: @pytest.mark.skip'],
  ['tests/test_a.py', '@pytest.mark.xfail', 'Skips tests in tests/test_a.py: @pytest.mark.xfail'],
  ['tests/test_a.py', '    @unittest.skipIf(True, "x")', 'Skips tests in tests/test_a.py: @unittest.skipIf'],
  ['tests/test_a.py', '    self.skipTest("later")', 'Skips tests in tests/test_a.py: self.skipTest('],
  ['tests/test_a.py', '__test__ = False', 'Skips tests in tests/test_a.py: __test__ = False'],
  ['src/test/java/ATest.java', '  @Ignore', 'Skips tests in src/test/java/ATest.java: @Ignore'],
  ['src/test/java/ATest.java', '  @DisabledOnOs(LINUX)', 'Skips tests in src/test/java/ATest.java: @DisabledOnOs'],
  ['tests/ATests.cs', '  [Fact(Skip = "later")]', 'Skips tests in tests/ATests.cs: [Fact(Skip ='],
  ['pkg/a_test.go', '\tt.Skip("later")', 'Skips tests in pkg/a_test.go: t.Skip('],
  ['src/lib.rs', '    #[ignore]', 'Skips tests in src/lib.rs: #[ignore'],
  ['tests/ATest.php', '$this->markTestSkipped();', 'Skips tests in tests/ATest.php: markTestSkipped'],
  ['Tests/ATests.swift', 'throw XCTSkip("later")', 'Skips tests in Tests/ATests.swift: XCTSkip'],
  ['test/a_test.exs', '  @tag :skip', 'Skips tests in test/a_test.exs: @tag :skip'],
  ['test/a_test.cc', 'TEST(A, DISABLED_Adds) {', 'Skips tests in test/a_test.cc: DISABLED_Adds'],
  // The other tests skipped
  ['a.test.ts', 'it.only(\'adds\', () => {})', 'Runs only some tests in a.test.ts: it.only'],
  ['a.test.ts', 'fdescribe(\'adds\', () => {})', 'Runs only some tests in a.test.ts: fdescribe('],
  // CI that cannot fail
  [
    '.github/workflows/ci.yml',
    '        continue-on-error: true',
    'Lets CI pass although something failed in .github/workflows/ci.yml: continue-on-error: true',
  ],
  ['.github/workflows/ci.yml', '        if: false', 'Lets CI pass although something failed in .github/workflows/ci.yml: if: false'],
  ['.github/workflows/ci.yml', '      - if: "false"', 'Lets CI pass although something failed in .github/workflows/ci.yml: - if: "false'],
  ['.github/workflows/ci.yml', '        run: npm test || true', 'Lets CI pass although something failed in .github/workflows/ci.yml: || true'],
  ['package.json', '    "test": "vitest run || exit 0",', 'Lets CI pass although something failed in package.json: || exit 0'],
  ['package.json', '    "test": "vitest run; exit 0",', 'Lets CI pass although something failed in package.json: ; exit 0",'],
  ['package.json', '    "test": "jest --passWithNoTests"', 'Lets CI pass although something failed in package.json: --passWithNoTests'],
  ['Makefile', '\tgo test ./... || :', 'Lets CI pass although something failed in Makefile: || :'],
  ['scripts/ci.sh', 'set +e', 'Lets CI pass although something failed in scripts/ci.sh: set +e'],
  // Silenced checks
  ['src/a.ts', '// @ts-ignore', 'Silences a check in src/a.ts: @ts-ignore'],
  ['src/a.ts', '/* eslint-disable */', 'Silences a check in src/a.ts: eslint-disable'],
  ['a.py', 'x = f()  # type: ignore', 'Silences a check in a.py: # type: ignore'],
  ['a.py', 'x = f()  # noqa: E501', 'Silences a check in a.py: # noqa'],
  ['a.go', 'f() //nolint:errcheck', 'Silences a check in a.go: //nolint'],
  ['src/lib.rs', '#[allow(dead_code)]', 'Silences a check in src/lib.rs: #[allow('],
])('a patch of %s that adds "%s" is flagged', (path, added, found) => {
  expect(weak(patch(path, `+${added}`))).toEqual([found])
})

test.each<[title: string, path: string, ...lines: string[]]>([
  ['a new test', 'a.test.ts', '+it(\'adds\', () => {', '+  expect(add(1, 1)).toBe(2)', '+})'],
  ['a skip that is removed', 'a.test.ts', '-it.skip(\'adds\', () => {})', '+it(\'adds\', () => {})'],
  ['a skip whose indentation changes', 'a.test.ts', '-it.skip(\'adds\', () => {})', '+  it.skip(\'adds\', () => {})'],
  ['a skip outside tests', 'src/list.ts', '+const rest = items.skip(3)', '+stream.skip(1)'],
  ['a word with a similar beginning', 'a.test.ts', '+const exit = waitFor(exits)', '+xitems.push(1)', '+commit(\'fit\')'],
  ['prose about skipping', 'README.md', '+Use `it.skip` and `// @ts-ignore` sparingly, or `make test || true`.'],
  ['a boolean operator in a program', 'src/a.ts', '+const on = given || true'],
  ['a stricter expectation', 'a.test.ts', '-  expect(add(1, 1)).toBeDefined()', '+  expect(add(1, 1)).toBe(2)'],
  ['a condition in a workflow', '.github/workflows/ci.yml', '+        if: github.ref == \'refs/heads/main\''],
])('%s is not flagged', (_, path, ...lines) => {
  expect(weak(patch(path, ...lines))).toEqual([])
})

test.each<[title: string, lines: string[], found: string]>([
  ['a deleted test is flagged', ['-it(\'adds\', () => {', '-  expect(add(1, 1)).toBe(2)', '-})'], 'Takes 1 test and 1 assertion out of a.test.ts'],
  ['deleted assertions are flagged', ['-  expect(a).toBe(1)', '-  assert.equal(b, 2)'], 'Takes 2 assertions out of a.test.ts'],
  ['a test in a comment counts as deleted', ['-it(\'adds\', () => {})', '+// it(\'adds\', () => {})'], 'Takes 1 test out of a.test.ts'],
  ['one replacement for two tests is flagged', ['-test(\'a\', f)', '-test(\'b\', g)', '+test(\'c\', h)'], 'Takes 1 test out of a.test.ts'],
])('%s', (_, lines, found) => {
  expect(weak(patch('a.test.ts', ...lines))).toEqual([found])
})

test('a long line is cut', () => {
  const long = 'it.'.repeat(40_000)
  expect(parsePatch(patch('a.test.ts', `+${long}`, `-${long}`))).toEqual([{ path: 'a.test.ts', added: [long.slice(0, 500)], removed: [long.slice(0, 500)] }])
})

test('lines of a file cannot forge the lines of git', () => {
  expect(parsePatch([
    'diff --git "a/t\\"x.test.ts" "b/t\\"x.test.ts"',
    'deleted file mode 100644',
    '--- "a/t\\"x.test.ts"',
    '+++ /dev/null',
    '@@ -1,2 +0,0 @@',
    '-diff --git a/b b/b',
    '--- a/other',
    '\\ No newline at end of file',
    'diff --git a/b.bin b/b.bin',
    'Binary files a/b.bin and b/b.bin differ',
    'diff --git a/with space.ts b/with space.ts',
    '--- a/with space.ts\t',
    '+++ b/with space.ts\t',
    '@@ -0,0 +1 @@',
    '+++ b/forged',
    '',
  ].join('\n'))).toEqual([
    { path: 't"x.test.ts', added: [], removed: ['diff --git a/b b/b', '-- a/other'] },
    { path: '', added: [], removed: [] },
    { path: 'with space.ts', added: ['++ b/forged'], removed: [] },
  ])
})
