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
  ['the default branch', spec, { defaultBranch: 'main', tips }, { branch: 'main', commit: SHA.main, base: 'main' }],
  ['the base that was named', { ...spec, base: 'next' }, { defaultBranch: 'main', tips }, { branch: 'next', commit: SHA.next, base: 'next' }],
  ['the task\'s branch when it is there', spec, { defaultBranch: 'main', tips: withTask }, { branch: spec.branch, commit: SHA.task, base: 'main' }],
  [
    'nothing in an empty repository',
    spec,
    { defaultBranch: 'main', tips: new Map() },
    { kind: 'repository-empty', reason: expect.stringContaining('octo/hello has no commit') },
  ],
  [
    'nothing without the base',
    { ...spec, base: 'gone' },
    { defaultBranch: 'main', tips },
    { kind: 'checkout', reason: 'octo/hello has no branch gone. Name a base branch that exists: main, next.' },
  ],
  ['nothing without a default', spec, { defaultBranch: null, tips }, { kind: 'checkout', reason: expect.stringContaining('says no default branch') }],
])('the work begins at %s', (_, given, refs, place) => {
  expect(findStartPoint(given, refs)).toEqual(place)
})

test('a checkout holds the files, stands on the task\'s branch, and names no token', async () => {
  git.create('octo/fresh', { 'src/a.ts': 'export {}\n' })
  const outcome = await harness.checkout(git, { repository: 'octo/fresh' })
  const head = git.git('octo/fresh', 'rev-parse', 'main').trim()
  expect(outcome).toEqual({ outcome: 'checked-out', start: head, onBranch: false, wip: null })
  expect(readFileSync(join(harness.workspace, 'src/a.ts'), 'utf8')).toBe('export {}\n')
  expect(execFileSync('git', ['branch', '--show-current'], { cwd: harness.workspace, encoding: 'utf8' }).trim()).toBe('mainloop/abcdefghij-greet')
  for (const file of readdirSync(harness.folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile()))
    expect(readFileSync(join(file.parentPath, file.name), 'latin1')).not.toMatch(new RegExp(`${git.token}|x-access-token|extraHeader`, 'i'))
})

test('the task\'s branch is gone on with, its base is there to compare', async () => {
  git.create('octo/resumed', { 'a.txt': 'one\n' })
  const tip = git.commit('octo/resumed', 'mainloop/abcdefghij-greet', { 'b.txt': 'two\n' }, 'main')
  expect(await harness.checkout(git, { repository: 'octo/resumed' })).toEqual({ outcome: 'checked-out', start: tip, onBranch: true, wip: null })
  expect(existsSync(join(harness.workspace, 'b.txt'))).toBe(true)
  expect(execFileSync('git', ['diff', '--name-only', 'origin/main'], { cwd: harness.workspace, encoding: 'utf8' }).trim()).toBe('b.txt')
})

describe('of a repository with large files', () => {
  const large = (letter: string) => randomBytes(1_500_000).toString('hex') + letter
  const [first, second, third] = [large('a'), large('b'), large('c')]
  const here = (...args: string[]) =>
    execFileSync('git', args, { cwd: harness.workspace, encoding: 'utf8', maxBuffer: 10_000_000, env: { PATH: process.env.PATH, GIT_ALLOW_PROTOCOL: 'none' } })

  /** The second is at the task's branch, the third at its base; the first is in the past of both. */
  function create(repository: string): string {
    git.create(repository, { 'large.txt': first, 'small.txt': 'one\n' })
    const past = git.git(repository, 'rev-parse', 'main:large.txt').trim()
    git.commit(repository, 'main', { 'large.txt': second, 'small.txt': 'two\n' }, 'main')
    git.commit(repository, spec.branch, { 'small.txt': 'three\n' }, 'main')
    git.commit(repository, 'main', { 'large.txt': third }, 'main')
    return past
  }

  test('what stands there now is there, those of the past are not, and the rest of the history needs no server', async () => {
    const past = create('octo/large')
    expect(await harness.checkout(git, { repository: 'octo/large' })).toMatchObject({ outcome: 'checked-out', onBranch: true })
    expect(readFileSync(join(harness.workspace, 'large.txt'), 'utf8')).toBe(second)
    expect(here('show', 'origin/main:large.txt')).toBe(third)
    expect(here('rev-list', '--objects', '--all', '--missing=print').match(/^\?.*$/gm)).toEqual([`?${past}`])
    expect(here('log', '-p', '--', 'small.txt').match(/^[+-]\w+$/gm)).toEqual(['-two', '+three', '-one', '+two', '+one'])
  })

  test('a server that cannot leave them out sends everything', async () => {
    const past = create('octo/all')
    git.git('octo/all', 'config', 'uploadpack.allowFilter', 'false')
    expect(await harness.checkout(git, { repository: 'octo/all' })).toMatchObject({ outcome: 'checked-out' })
    expect(here('cat-file', '-s', past).trim()).toBe(String(first.length))
  })

  test('a branch whose last commit changed one is compared with its past', async () => {
    create('octo/published')
    const message = commitMessage(jobSpecOf({ attempt: 2 }), 'Done.')
    const tree = git.git('octo/published', 'rev-parse', 'main^{tree}').trim()
    const tip = git.git('octo/published', 'commit-tree', tree, '-p', 'main~2', '-m', message).trim()
    git.git('octo/published', 'update-ref', `refs/heads/${spec.branch}`, tip)
    expect(await harness.checkout(git, { repository: 'octo/published' })).toMatchObject({ outcome: 'published', head: tip, flags: [] })
  })
})

test('a repository that is too large is said to be that', async () => {
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
  ['a repository that is not there', 'octo/missing', 'repository-not-found', undefined],
  ['an empty repository', 'octo/empty', 'repository-empty', undefined],
  ['no token where one is needed', 'octo/empty', 'repository-no-access', null],
  ['a token that is not accepted', 'octo/empty', 'credential', 'a-wrong-token'],
] as const)('%s is said', async (_, repository, kind, token) => {
  git.create('octo/empty')
  const outcome = await harness.checkout(git, { repository }, token)
  expect(outcome).toMatchObject({ outcome: 'failed', kind, reason: expect.stringContaining(repository) })
  expect(JSON.stringify(outcome)).not.toContain('a-wrong-token')
})

test('a server that is not there is said in git\'s words', async () => {
  const outcome = await harness.checkout({ ...git, url: 'http://127.0.0.1:1' })
  expect(outcome).toMatchObject({ outcome: 'failed', kind: 'checkout', reason: expect.stringMatching(/could not be checked out: .*connect/is) })
})

test('a checkout that is stopped stops', async () => {
  harness.stop.abort(new Error('stopped'))
  await expect(harness.checkout(git, { repository: 'octo/fresh' })).rejects.toThrow('stopped')
})
