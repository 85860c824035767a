import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { BRANCH, startPublishHarness } from '../testing/publish-harness.ts'

const { begin, commit, finish, git, restart, save, server, stage, write } = await startPublishHarness()

const REF = 'refs/mainloop/wip/abcdefghij'
const wip = () => git('for-each-ref', '--format=%(objectname)', REF).trim()
function read(path: string): string | null {
  const file = join(stage().workspace, path)
  return existsSync(file) ? readFileSync(file, 'utf8') : null
}

test('the next attempt starts from unfinished work, publishes it and deletes the ref', async () => {
  const from = await begin()
  write('src/greet.js', 'half\n')
  write('new.txt', 'new\n')
  rmSync(join(stage().workspace, 'README.md'))
  await save(from)
  expect(stage().log).toContain('info Kept the unfinished work, 3 files, for the next attempt')
  commit('main', { 'later.txt': 'x\n' }, 'main')
  restart()

  const next = await begin({ attempt: 2 })
  expect(next).toMatchObject({ start: from.start, onBranch: false, wip: wip() })
  expect([read('src/greet.js'), read('new.txt'), read('README.md'), read('src/greet.test.js')]).toEqual(['half\n', 'new\n', null, 'test\n'])
  write('src/greet.js', 'whole\n')
  const done = await finish(next, { attempt: 2 })
  expect(done).toMatchObject({ outcome: 'published' })
  expect(git('diff-tree', '-r', '--name-status', '--no-commit-id', BRANCH).trim().split('\n')).toEqual([
    'D\tREADME.md',
    'A\tnew.txt',
    'M\tsrc/greet.js',
  ])
  expect(git('log', '-1', '--format=%P', BRANCH).trim()).toBe(from.start)
  expect(wip()).toBe('')
})

test('unfinished work grows with every interrupted attempt', async () => {
  const first = await begin()
  write('a.txt', 'a\n')
  await save(first)
  restart()
  const second = await begin({ attempt: 2 })
  write('b.txt', 'b\n')
  await save(second, { attempt: 2 })
  restart()
  await begin({ attempt: 3 })
  expect([read('a.txt'), read('b.txt')]).toEqual(['a\n', 'b\n'])
})

test('unfinished work is not applied to a branch that moved on', async () => {
  const from = await begin()
  write('a.txt', 'a\n')
  await save(from)
  commit(BRANCH, { 'theirs.txt': 'x\n' }, 'main')
  restart()
  expect(await begin({ attempt: 2 })).toMatchObject({ onBranch: true, wip: null })
  expect(read('a.txt')).toBeNull()
})

test('a newer commit of the ref is not overwritten, and an unchanged workspace saves nothing', async () => {
  const from = await begin()
  await save(from)
  expect(wip()).toBe('')
  write('a.txt', 'a\n')
  await save(from)
  const first = wip()
  write('a.txt', 'other\n')
  await save(from, { attempt: 2 })
  expect(wip()).toBe(first)
  expect(stage().log.at(-1)).toMatch(/^error The unfinished work was not kept: .*stale/s)
})

test('unfinished work with the model\'s credential is not saved', async () => {
  const from = await begin()
  write('.env', 'KEY=sk-ant-key-for-tests\n')
  await save(from)
  expect(wip()).toBe('')
})

test('a failed push is logged and does not fail the stage', async () => {
  const from = await begin()
  write('a.txt', 'a\n')
  server.readOnly = true
  expect(await save(from)).toEqual({ outcome: 'saved' })
  expect(stage().log.at(-1)).toMatch(/^error The unfinished work was not kept: .*403/s)
})
