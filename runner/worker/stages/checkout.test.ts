import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startGitServer } from '../../testing/git-server.ts'
import { jobSpecOf } from '../../testing/job-spec.ts'
import { commitMessage } from '../git/commit-message.ts'
import { stageHarness } from '../testing/stage-harness.ts'
import { findStartPoint } from './checkout.ts'

const git = await startGitServer()
let harness = stageHarness()
beforeEach(() => {
  harness.close()
  harness = stageHarness()
})
afterEach(() => harness.close())
afterAll(() => git.close())

const SHA = { main: 'a'.repeat(40), next: 'b'.repeat(40), task: 'c'.repeat(40) }
const spec = { repository: 'octo/hello', branch: 'mainloop/abcdefghij-greet', base: null }
const tips = new Map([['main', SHA.main], ['next', SHA.next]])
const withTask = new Map([...tips, [spec.branch, SHA.task]])

test.each([
  ['work starts at the default branch', spec, { defaultBranch: 'main', tips }, { branch: 'main', commit: SHA.main, base: 'main' }],
  ['work starts at the named base', { ...spec, base: 'next' }, { defaultBranch: 'main', tips }, { branch: 'next', commit: SHA.next, base: 'next' }],
  ['work starts at the task\'s branch if it exists', spec, { defaultBranch: 'main', tips: withTask }, { branch: spec.branch, commit: SHA.task, base: 'main' }],
  [
    'an empty repository has no start point',
    spec,
    { defaultBranch: 'main', tips: new Map() },
    { kind: 'repository-empty', reason: expect.stringContaining('octo/hello has no commit') },
  ],
  [
    'a missing base gives no start point',
    { ...spec, base: 'gone' },
    { defaultBranch: 'main', tips },
    { kind: 'checkout', reason: 'octo/hello has no branch gone. Name a base branch that exists: main, next.' },
  ],
  [
    'a missing default branch gives no start point',
    spec,
    { defaultBranch: null, tips },
    { kind: 'checkout', reason: expect.stringContaining('says no default branch') },
  ],
])('%s', (_, branches, refs, point) => {
  expect(findStartPoint(branches, refs)).toEqual(point)
})

test('a checkout has the files on the task\'s branch, and not the token', async () => {
  git.create('octo/fresh', { 'src/a.ts': 'export {}\n' })
  const outcome = await harness.checkout(git, { repository: 'octo/fresh' })
  const head = git.git('octo/fresh', 'rev-parse', 'main').trim()
  expect(outcome).toEqual({ outcome: 'checked-out', start: head, onBranch: false, wip: null })
  expect(readFileSync(join(harness.workspace, 'src/a.ts'), 'utf8')).toBe('export {}\n')
  expect(execFileSync('git', ['branch', '--show-current'], { cwd: harness.workspace, encoding: 'utf8' }).trim()).toBe('mainloop/abcdefghij-greet')
  for (const file of readdirSync(harness.folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile()))
    expect(readFileSync(join(file.parentPath, file.name), 'latin1')).not.toMatch(new RegExp(`${git.token}|x-access-token|extraHeader`, 'i'))
})

test('a checkout of the task\'s branch also fetches its base', async () => {
  git.create('octo/resumed', { 'a.txt': 'one\n' })
  const tip = git.commit('octo/resumed', 'mainloop/abcdefghij-greet', { 'b.txt': 'two\n' }, 'main')
  expect(await harness.checkout(git, { repository: 'octo/resumed' })).toEqual({ outcome: 'checked-out', start: tip, onBranch: true, wip: null })
  expect(existsSync(join(harness.workspace, 'b.txt'))).toBe(true)
  expect(execFileSync('git', ['diff', '--name-only', 'origin/main'], { cwd: harness.workspace, encoding: 'utf8' }).trim()).toBe('b.txt')
})

describe('a repository with large files', () => {
  const large = (letter: string) => randomBytes(1_500_000).toString('hex') + letter
  const [first, second, third] = [large('a'), large('b'), large('c')]
  const gitOffline = (...args: string[]) =>
    execFileSync('git', args, { cwd: harness.workspace, encoding: 'utf8', maxBuffer: 10_000_000, env: { PATH: process.env.PATH, GIT_ALLOW_PROTOCOL: 'none' } })

  /** The second file is at the task's branch, the third at its base, the first in an older commit of both. */
  function create(repository: string): string {
    git.create(repository, { 'large.txt': first, 'small.txt': 'one\n' })
    const past = git.git(repository, 'rev-parse', 'main:large.txt').trim()
    git.commit(repository, 'main', { 'large.txt': second, 'small.txt': 'two\n' }, 'main')
    git.commit(repository, spec.branch, { 'small.txt': 'three\n' }, 'main')
    git.commit(repository, 'main', { 'large.txt': third }, 'main')
    return past
  }

  test('only the present large files are fetched, and the other history needs no server', async () => {
    const past = create('octo/large')
    expect(await harness.checkout(git, { repository: 'octo/large' })).toMatchObject({ outcome: 'checked-out', onBranch: true })
    expect(readFileSync(join(harness.workspace, 'large.txt'), 'utf8')).toBe(second)
    expect(gitOffline('show', 'origin/main:large.txt')).toBe(third)
    expect(gitOffline('rev-list', '--objects', '--all', '--missing=print').match(/^\?.*$/gm)).toEqual([`?${past}`])
    expect(gitOffline('log', '-p', '--', 'small.txt').match(/^[+-]\w+$/gm)).toEqual(['-two', '+three', '-one', '+two', '+one'])
  })

  test('a server without filters sends all files', async () => {
    const past = create('octo/all')
    git.git('octo/all', 'config', 'uploadpack.allowFilter', 'false')
    expect(await harness.checkout(git, { repository: 'octo/all' })).toMatchObject({ outcome: 'checked-out' })
    expect(gitOffline('cat-file', '-s', past).trim()).toBe(String(first.length))
  })

  test('a lost publication with a large file is compared with its parent', async () => {
    create('octo/published')
    const message = commitMessage(jobSpecOf({ attempt: 2 }), 'Done.')
    const tree = git.git('octo/published', 'rev-parse', 'main^{tree}').trim()
    const tip = git.git('octo/published', 'commit-tree', tree, '-p', 'main~2', '-m', message).trim()
    git.git('octo/published', 'update-ref', `refs/heads/${spec.branch}`, tip)
    expect(await harness.checkout(git, { repository: 'octo/published' })).toMatchObject({ outcome: 'published', head: tip, flags: [] })
  })
})

test('a repository above the limit is a failure that names it', async () => {
  git.create('octo/huge', { 'huge.txt': randomBytes(1_000_000).toString('hex') })
  expect(await harness.checkout(git, { repository: 'octo/huge', checkoutMb: 1 })).toMatchObject({
    outcome: 'failed',
    kind: 'checkout',
    reason: expect.stringMatching(/octo\/huge is larger than the 1 MB .*MAINLOOP_CHECKOUT_MB/),
  })
})

test('a submodule stays empty', async () => {
  git.create('octo/nested', { '.gitmodules': '[submodule "lib"]\n\tpath = lib\n\turl = https://example.invalid/lib.git\n' })
  expect(await harness.checkout(git, { repository: 'octo/nested' })).toMatchObject({ outcome: 'checked-out' })
})

test.each([
  ['a missing repository', 'octo/missing', 'repository-not-found', undefined],
  ['an empty repository', 'octo/empty', 'repository-empty', undefined],
  ['a missing token', 'octo/empty', 'repository-no-access', null],
  ['an invalid token', 'octo/empty', 'credential', 'a-wrong-token'],
] as const)('%s fails the checkout', async (_, repository, kind, token) => {
  git.create('octo/empty')
  const outcome = await harness.checkout(git, { repository }, token)
  expect(outcome).toMatchObject({ outcome: 'failed', kind, reason: expect.stringContaining(repository) })
  expect(JSON.stringify(outcome)).not.toContain('a-wrong-token')
})

test('a missing server is reported with git\'s message', async () => {
  const outcome = await harness.checkout({ ...git, url: 'http://127.0.0.1:1' })
  expect(outcome).toMatchObject({ outcome: 'failed', kind: 'checkout', reason: expect.stringMatching(/could not be checked out: .*connect/is) })
})

test('an abort stops the checkout', async () => {
  harness.stop.abort(new Error('stopped'))
  await expect(harness.checkout(git, { repository: 'octo/fresh' })).rejects.toThrow('stopped')
})
