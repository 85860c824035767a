import { execFileSync } from 'node:child_process'
import { chmodSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { BRANCH, startPublishHarness, USAGE } from '../testing/publish-harness.ts'

const { begin, checkout, commit, finish, git, restart, server, show, stage, write } = await startPublishHarness()

test('changed, added and deleted files are one commit by the bot on the task\'s branch', async () => {
  const from = await begin()
  write('src/greet.js', 'export const greet = name => name\n')
  write('src/new dir/ü.txt', 'new\n')
  write('node_modules/x.js', 'ignored\n')
  rmSync(join(stage().workspace, 'README.md'))
  const outcome = await finish(from)
  const head = git('rev-parse', BRANCH).trim()
  expect(outcome).toEqual({ outcome: 'published', head, summary: 'Greets by name. All tests pass.', flags: [], usage: USAGE })
  expect(git('-c', 'core.quotePath=false', 'diff-tree', '-r', '--name-status', '--no-commit-id', head).trim().split('\n'))
    .toEqual(['D\tREADME.md', 'M\tsrc/greet.js', 'A\tsrc/new dir/ü.txt'])
  expect(git('log', '-1', '--format=%an|%P|%B', head)).toBe(
    `mainloop|${from.start}|Greet by name\n\nGreets by name. All tests pass.\n\nMainloop-Task: abcdefghij\nMainloop-Attempt: 1\n`,
  )
})

test('the commit names the person as co-author, as git reads it', async () => {
  const from = await begin()
  write('a.txt', 'a\n')
  expect(await finish(from, { person: { name: 'Ada Lovelace', email: 'ada@example.com' } })).toMatchObject({ outcome: 'published' })
  expect(git('log', '-1', '--format=%(trailers:key=Co-authored-by,valueonly)', BRANCH).trim()).toBe('Ada Lovelace <ada@example.com>')
})

test('files that became folders, links and programs are published as such', async () => {
  const from = await begin()
  rmSync(join(stage().workspace, 'README.md'))
  write('README.md/inner.md', 'inside\n')
  rmSync(join(stage().workspace, 'src'), { recursive: true })
  symlinkSync('/etc', join(stage().workspace, 'src'))
  write('run.sh', '#!/bin/sh\n')
  chmodSync(join(stage().workspace, 'run.sh'), 0o755)
  expect(await finish(from)).toMatchObject({ outcome: 'published' })
  expect(git('ls-tree', '-r', '--format=%(objectmode) %(path)', BRANCH).trim().split('\n'))
    .toEqual(['100644 .github/workflows/ci.yml', '100644 .gitignore', '100644 README.md/inner.md', '100755 run.sh', '120000 src'])
})

test('the agent\'s own commits are published as one commit with the same files', async () => {
  const from = await begin()
  write('src/greet.js', 'committed\n')
  execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@y', 'commit', '-qam', 'mine'], { cwd: stage().workspace })
  expect(await finish(from)).toMatchObject({ outcome: 'published' })
  expect(show('src/greet.js')).toBe('committed\n')
})

test('an unchanged workspace is reported and pushes nothing', async () => {
  expect(await finish(await begin())).toEqual({ outcome: 'unchanged', summary: 'Greets by name. All tests pass.', usage: USAGE })
  expect(git('branch', '--list', BRANCH)).toBe('')
})

test('a second run after a push reports the same commit', async () => {
  const from = await begin()
  write('a.txt', 'a\n')
  const first = await finish(from)
  expect(await finish(from)).toEqual(first)
})

test.each(['implement', 'fix', 'feedback'] as const)(
  'a new %s attempt reports the commit of one that died after its push',
  async (phase) => {
    const from = await begin({ phase })
    write('src/greet.test.js', 'weaker\n')
    const first = await finish(from, { phase })
    restart()
    expect(await checkout({ phase, attempt: 2 })).toEqual({ ...first, usage: { costUsd: 0, inputTokens: 0, outputTokens: 0 } })
    restart()
    expect(await checkout({ phase, attempt: 2, published: 1 })).toMatchObject({ outcome: 'checked-out', onBranch: true })
  },
)

test('a later attempt adds its commit to the branch', async () => {
  const from = await begin()
  write('a.txt', 'a\n')
  const first = await finish(from)
  restart()
  const next = await begin({ attempt: 2, phase: 'fix', published: 1 })
  write('b.txt', 'b\n')
  expect(await finish(next, { attempt: 2, phase: 'fix' }, 'Fixed the import. It was wrong.')).toMatchObject({ outcome: 'published' })
  expect(git('log', '-2', '--format=%s', BRANCH).trim().split('\n')).toEqual(['Fixed the import', 'Greet by name'])
  expect(git('rev-parse', `${BRANCH}~1`).trim()).toBe(first.outcome === 'published' ? first.head : '')
})

test('a branch that moved on is left alone', async () => {
  const from = await begin()
  write('a.txt', 'a\n')
  const theirs = commit(BRANCH, { 'theirs.txt': 'x\n' }, 'main')
  expect(await finish(from)).toMatchObject({ outcome: 'failed', kind: 'publish', reason: expect.stringContaining('Somebody else pushed'), usage: USAGE })
  expect(git('rev-parse', BRANCH).trim()).toBe(theirs)
})

test('a refused push is reported with GitHub\'s message', async () => {
  const from = await begin()
  write('a.txt', 'a\n')
  server.readOnly = true
  expect(await finish(from)).toMatchObject({ outcome: 'failed', kind: 'publish', reason: expect.stringContaining('403') })
})

test('the message of a hook on the server is reported', async () => {
  const from = await begin()
  write('a.txt', 'a\n')
  const hook = join(git('rev-parse', '--absolute-git-dir').trim(), 'hooks', 'pre-receive')
  writeFileSync(hook, '#!/bin/sh\necho "refusing to allow it without \\`workflow\\` scope" >&2\nexit 1\n', { mode: 0o755 })
  expect(await finish(from)).toMatchObject({ outcome: 'failed', kind: 'publish', reason: expect.stringContaining('without `workflow` scope') })
})

test('changed tests and workflow files are flagged, new tests are not', async () => {
  const from = await begin()
  write('src/greet.test.js', 'weaker\n')
  write('src/new.test.js', 'new\n')
  write('.github/workflows/ci.yml', 'on: never\n')
  expect(await finish(from)).toMatchObject({ flags: ['Changes the workflow file .github/workflows/ci.yml', 'Changes the test src/greet.test.js'] })
})

test('skipped tests are flagged, whatever .gitattributes hides from diffs', async () => {
  const from = await begin()
  write('src/greet.test.js', 'test.skip()\n')
  write('.gitattributes', '*.js -diff\n')
  expect(await finish(from)).toMatchObject({ flags: ['Skips tests in src/greet.test.js: test.skip', 'Changes the test src/greet.test.js'] })
})

test('a change with the model\'s credential is not pushed', async () => {
  const from = await begin()
  write('src/.env', 'A=1\nKEY=sk-ant-key-for-tests\n')
  expect(await finish(from)).toMatchObject({ outcome: 'failed', kind: 'publish', reason: expect.stringMatching(/^Nothing was pushed: .* src\/\.env\./) })
  expect(git('branch', '--list', BRANCH)).toBe('')
})

test('resolved conflicts become a merge, so that the branch no longer conflicts', async () => {
  const tip = commit(BRANCH, { 'README.md': 'Hello, task\n' }, 'main')
  const base = commit('main', { 'README.md': 'Hello, base\n' }, 'main')
  const from = await begin({ mergeBase: true, phase: 'fix' })
  expect(from).toEqual({ outcome: 'checked-out', start: tip, onBranch: true, wip: null, merging: base })
  expect(await finish(from, { mergeBase: true, phase: 'fix' })).toMatchObject({
    outcome: 'unchanged',
    summary: expect.stringContaining('Conflicts are left in README.md'),
  })

  write('README.md', 'Hello, both\n')
  const outcome = await finish(from, { mergeBase: true, phase: 'fix' })
  expect(outcome).toMatchObject({ outcome: 'published' })
  expect(git('rev-parse', `${BRANCH}^1`, `${BRANCH}^2`).trim().split('\n')).toEqual([tip, base])
  expect(git('show', `${BRANCH}:README.md`)).toBe('Hello, both\n')
})
